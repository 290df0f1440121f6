package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Doorbell;
import java.util.function.Consumer;

/** How others reach an {@link IsmOwner}: {@link #tell} passes a command on and wakes the owner. Thread-safe. */
public final class IsmHandle {
    private final Consumer<IsmCommand> mailbox;
    private final Doorbell doorbell;
    private final QueueCounters counters;

    IsmHandle(Consumer<IsmCommand> mailbox, Doorbell doorbell, QueueCounters counters) {
        this.mailbox = mailbox;
        this.doorbell = doorbell;
        this.counters = counters;
    }

    /** Sends a command. Never blocks. A stopped owner does not answer. */
    public void tell(IsmCommand command) {
        // Counted before it is sent: an owner about to sleep looks at the count after announcing that it sleeps.
        doorbell.commandComing();
        mailbox.accept(command);
        doorbell.wake();
    }

    public QueueCounters counters() {
        return counters;
    }
}
