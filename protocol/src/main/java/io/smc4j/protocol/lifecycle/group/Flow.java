package io.smc4j.protocol.lifecycle.group;

/** What occupies the group's local flow slot. Every running flow has an id; a deadline of another id is stale. */
public sealed interface Flow {
    int id();

    /** Nothing is going on. */
    record None() implements Flow {
        @Override
        public int id() {
            return 0;
        }
    }

    /** A flow that builds link {@code number}. */
    sealed interface Building extends Flow {
        int number();

        Stage stage();

        /** The same flow, at another stage. */
        Building at(int newId, Stage next);
    }

    /** First contact on link {@code number}. */
    record FirstContact(int id, int number, Stage stage) implements Building {
        @Override
        public FirstContact at(int newId, Stage next) {
            return new FirstContact(newId, number, next);
        }
    }

    /** ADD LINK of link {@code number}, negotiated on link {@code on}. */
    record AddLink(int id, int on, int number, Stage stage) implements Building {
        @Override
        public AddLink at(int newId, Stage next) {
            return new AddLink(newId, on, number, next);
        }
    }

    /** DELETE LINK of link {@code number}, negotiated on link {@code on}; waits for the answer. */
    record DeleteLink(int id, int on, int number) implements Flow {}

    /** CONFIRM RKEY for a connection's RMB on link {@code on}; waits for the answer. */
    record ConfirmRkey(int id, int on, long connection) implements Flow {}

    /** DELETE RKEY for a buffer on link {@code on}; waits for the answer. */
    record DeleteRkey(int id, int on, long buffer) implements Flow {}

    /** How far a flow that builds a link has come. */
    enum Stage {
        /** The queue pair is being created. */
        PREPARING,
        /** Waiting for the peer's side: CLC CONFIRM (first contact, server) or the ADD LINK response (server). */
        AWAITING_PEER,
        /** The queue pair is being moved to RTS. */
        READYING,
        /** Version 1, ADD LINK: the ends tell each other their rkeys; waiting for the peer's ADD LINK CONTINUE. */
        EXCHANGING_RKEYS,
        /** Waiting for CONFIRM LINK: its request (client) or its response (server). */
        AWAITING_CONFIRM
    }
}
