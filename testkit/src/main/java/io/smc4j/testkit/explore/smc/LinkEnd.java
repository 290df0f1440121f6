package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.link.LinkState;
import io.smc4j.testkit.explore.Fingerprint;

/**
 * One end's owner of a link, with its queue pair.
 *
 * @param failed whether the queue pair is in error, or its port is down, and the link's owner has not been told
 * @param outstanding work requests that the owner of the completion queue counts
 * @param uncounted work requests posted and not yet counted: none, unless counting comes too late
 */
record LinkEnd(int incarnation, Stage stage, LinkState machine, boolean failed, int outstanding, int uncounted) {
    enum Stage {
        /** The queue pair is being created. */
        CREATING,
        /** It exists; the client's can receive. */
        PREPARED,
        /** It is being moved to RTS. */
        READYING,
        /** It can send and receive. */
        READY
    }

    LinkEnd at(Stage next) {
        return new LinkEnd(incarnation, next, machine, failed, outstanding, uncounted);
    }

    LinkEnd with(LinkState next) {
        return new LinkEnd(incarnation, stage, next, failed, outstanding, uncounted);
    }

    LinkEnd failing(boolean now) {
        return new LinkEnd(incarnation, stage, machine, now, outstanding, uncounted);
    }

    LinkEnd counting(int now, int later) {
        return new LinkEnd(incarnation, stage, machine, failed, now, later);
    }

    /** A call on the queue pair is under way. */
    boolean busy() {
        return stage == Stage.CREATING || stage == Stage.READYING;
    }

    /** The queue pair is in error on purpose. */
    boolean clearing() {
        return machine.clearing();
    }

    boolean sendable() {
        return stage == Stage.READY && !failed && machine.phase().usable();
    }

    void fingerprint(Fingerprint f) {
        f.add(incarnation
                | stage.ordinal() << 8
                | machine.phase().ordinal() << 11
                | machine.keepalive().ordinal() << 14
                | (machine.clearing() ? 1 << 17 : 0)
                | (failed ? 1 << 18 : 0)
                | outstanding << 20
                | uncounted << 26);
    }

    @Override
    public String toString() {
        return stage + "/" + machine.phase() + (clearing() ? " clearing" : "") + (failed ? " failed" : "")
                + (outstanding > 0 ? " " + outstanding + " outstanding" : "");
    }
}
