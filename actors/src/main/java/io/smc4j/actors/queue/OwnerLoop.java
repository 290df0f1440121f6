package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.CdcSlot;
import io.smc4j.actors.datapath.DirtySet;
import io.smc4j.actors.datapath.Doorbell;
import io.smc4j.actors.datapath.Driver;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a completion queue does in its turns, without the actor around it: so tests drive it by hand. One thread at a time:
 * the owner's, or one that drives ({@link Lending}); {@link #handle}, {@link #dirtySet} and {@link #wakeUp} are for all.
 */
final class OwnerLoop {
    private static final int TURNS_PER_HOUSEKEEPING = 256;
    private static final long BUSY_SLEEP_NANOS = 1_000_000;

    private final DeviceContext device;
    private final CompletionQueue queue;
    private final OwnerSettings settings;
    private final DeviceListener listener;
    private final LongSupplier clock;
    private final QueueCounters counters = new QueueCounters();
    private final Doorbell doorbell;
    private final Lending lending;
    private final Baton baton;
    private final DirtySet dirtySet;
    private final CompletionQueueHandle handle;
    private final Completions batch;
    private final Doubts doubts = new Doubts(this);
    private final Detachments detachments = new Detachments(this);
    private final OwnerCommands commands = new OwnerCommands(this);

    private @Nullable OwnedLink[] links = new OwnedLink[8];
    private int linksServed;
    private int[] generations = new int[8];
    private int turns;

    /**
     * @param mailbox how commands reach the one who calls {@link #execute}
     * @param clock monotonic nanoseconds
     */
    OwnerLoop(
            DeviceContext device,
            OwnerSettings settings,
            DeviceListener listener,
            Consumer<Command> mailbox,
            LongSupplier clock) {
        this.device = device;
        this.queue = device.completionQueue();
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        doorbell = new Doorbell(this::wakeUp);
        lending = new Lending(this::drivenRound, this::isMarked, doorbell);
        baton = lending.baton();
        dirtySet = new DirtySet(doorbell, settings.lends() ? lending : Driver.NONE);
        handle = new CompletionQueueHandle(mailbox, doorbell, counters);
        batch = new Completions(settings.batch());
    }

    CompletionQueueHandle handle() {
        return handle;
    }

    DirtySet dirtySet() {
        return dirtySet;
    }

    Doorbell doorbell() {
        return doorbell;
    }

    Lending lending() {
        return lending;
    }

    private boolean isMarked() {
        return dirtySet.isMarked();
    }

    private void wakeUp() {
        if (!lending.wakeUp()) {
            queue.wakeUp();
        }
    }

    QueueCounters counters() {
        return counters;
    }

    long now() {
        return clock.getAsLong();
    }

    Doubts doubts() {
        return doubts;
    }

    Detachments detachments() {
        return detachments;
    }

    /** Carries out a command told to {@link #handle}. */
    void execute(Command command) {
        doorbell.commandTaken();
        baton.take();
        try {
            counters.increment(Counter.COMMANDS);
            commands.execute(command);
        } finally {
            baton.give();
        }
    }

    // ---- turns ----

    /** One bounded turn. @return how much was done; 0 if there was nothing to do */
    int doWork() {
        lending.throwFault();
        baton.take();
        try {
            return round();
        } finally {
            baton.give();
        }
    }

    private void drivenRound() {
        int _ = round();
    }

    private int round() {
        int completed = pollCompletions();
        int work = completed + pushDirty();
        if (!doubts.isEmpty() && completed == 0) {
            doubts.queueEmpty();
        }
        if (!detachments.isEmpty()) {
            work += detachments.check(completed == 0);
        }
        if ((++turns & TURNS_PER_HOUSEKEEPING - 1) == 0) {
            work += pollEvents();
        }
        return work;
    }

    private int pushDirty() {
        int pushed = 0;
        SmcrEndpoint endpoint;
        while (pushed < settings.batch() && (endpoint = dirtySet.poll()) != null) {
            pushed++;
            if (endpoint.link() instanceof OwnedLink link) {
                OwnerLoop owner = link.loop();
                if (owner == this) {
                    endpoint.push();
                } else if (owner != null) {
                    owner.dirtySet.hand(endpoint); // it was moved while it was marked here
                }
            }
        }
        return pushed;
    }

    private int pollCompletions() {
        counters.increment(Counter.POLLS);
        int n = queue.poll(batch);
        for (int i = 0; i < n; i++) {
            long id = batch.workRequestId(i);
            OwnedLink link = find(id);
            if (link == null) {
                counters.increment(Counter.STALE_COMPLETIONS);
            } else if (WorkRequestId.kind(id) == WorkRequestId.RECEIVE) {
                received(link, id, batch.status(i), batch.byteCount(i));
            } else {
                sent(link, id, batch.status(i));
            }
        }
        return n;
    }

    private @Nullable OwnedLink find(long id) {
        int i = WorkRequestId.linkIndex(id);
        return i < links.length && generations[i] == WorkRequestId.linkGeneration(id) ? links[i] : null;
    }

    private void received(OwnedLink link, long id, CompletionStatus status, int bytes) {
        int slot = WorkRequestId.slotIndex(id);
        if (!link.receives().received(slot, WorkRequestId.slotGeneration(id))) {
            counters.increment(Counter.STALE_COMPLETIONS);
            return;
        }
        if (status != CompletionStatus.SUCCESS) {
            counters.increment(Counter.FAILED_COMPLETIONS);
            link.fail(status, "a receive completed with " + status);
            return;
        }
        long offset = ControlSlab.receiveOffset(slot);
        MemorySegment memory = link.memory();
        if (bytes > 0 && (memory.get(ValueLayout.JAVA_BYTE, offset) & 0xFF) == CdcCodec.TYPE) {
            cdc(link, memory, offset, bytes);
        } else {
            counters.increment(Counter.LLC_RECEIVED);
            byte[] copy = memory.asSlice(offset, Math.min(bytes, OwnedLink.LLC_BYTES))
                    .toArray(ValueLayout.JAVA_BYTE); // at completion time: the buffer is reused at once
            link.listener().llcReceived(copy);
        }
        link.receives().repost(slot);
    }

    private void cdc(OwnedLink link, MemorySegment memory, long offset, int bytes) {
        SmcrEndpoint endpoint = CdcCodec.check(memory, offset, bytes) == CdcCodec.VALID
                ? link.routes().find(CdcCodec.alertToken(memory, offset))
                : null;
        if (endpoint == null) {
            counters.increment(Counter.CDC_DROPPED);
        } else if (owns(endpoint)) {
            cdc(endpoint, link, memory, offset);
        } else {
            counters.increment(Counter.CDC_FORWARDED);
            byte[] copy = memory.asSlice(offset, CdcCodec.LENGTH).toArray(ValueLayout.JAVA_BYTE);
            passOn(endpoint, new OwnerMessage.ForwardedCdc(endpoint, link, copy));
        }
    }

    /** A valid CDC message for an endpoint of this owner. */
    void cdc(SmcrEndpoint endpoint, OwnedLink arrivedOn, MemorySegment memory, long offset) {
        counters.increment(endpoint.receive(memory, offset) ? Counter.CDC_RECEIVED : Counter.CDC_DROPPED);
        if (endpoint.isDoubtful()) {
            doubts.add(endpoint, arrivedOn);
        }
    }

    private void sent(OwnedLink link, long id, CompletionStatus status) {
        boolean success = status == CompletionStatus.SUCCESS;
        int slot = WorkRequestId.slotIndex(id);
        int generation = WorkRequestId.slotGeneration(id);
        if (!success) {
            counters.increment(Counter.FAILED_COMPLETIONS);
            link.fail(status, "a send or write completed with " + status);
        }
        switch (WorkRequestId.kind(id)) {
            case WorkRequestId.CDC -> {
                CdcSlot taken = link.cdcSlot(slot, generation);
                if (taken == null) {
                    counters.increment(Counter.STALE_COMPLETIONS);
                } else {
                    link.cdcCompleted(taken, success);
                }
            }
            case WorkRequestId.LLC -> {
                if (!link.llc().completed(slot, generation, success)) {
                    counters.increment(Counter.STALE_COMPLETIONS);
                }
            }
            default -> {
                // An unsignaled write appears only when it fails; the CDC behind it is flushed then and gives back the
                // slot.
            }
        }
    }

    /** Asynchronous events of the device. */
    int pollEvents() {
        int n = 0;
        AsyncEvent event;
        while (n < settings.batch() && (event = device.device().pollAsyncEvent()) != null) {
            n++;
            switch (event) {
                case AsyncEvent.PortDown down -> listener.portDown(down.port());
                case AsyncEvent.PortUp up -> listener.portUp(up.port());
                case AsyncEvent.QueuePairFatal fatal -> {
                    for (OwnedLink link : links) {
                        if (link != null && link.queuePair().number() == fatal.queuePairNumber()) {
                            link.fail(CompletionStatus.GENERAL_ERR, "its queue pair went to ERROR by itself");
                        }
                    }
                }
                case AsyncEvent.DeviceFatal fatal -> {
                    failAll("the device is lost: " + fatal.reason());
                    listener.deviceFatal(fatal.reason());
                }
            }
        }
        return n;
    }

    private void failAll(String detail) {
        for (OwnedLink link : links) {
            if (link != null) {
                link.fail(CompletionStatus.GENERAL_ERR, detail);
            }
        }
    }

    /** Sleeps until there may be something to do. */
    void sleep() {
        lending.throwFault();
        baton.take(); // kept while it sleeps: whoever wants to drive rings
        doorbell.parked(true);
        try {
            baton.lieDown();
            queue.arm();
            // The last look comes after all announcements.
            if (round() + pollEvents() > 0 || !dirtySet.isEmpty() || doorbell.commandsWaiting()) {
                return;
            }
            counters.increment(Counter.SLEEPS);
            boolean waiting = !doubts.isEmpty() || !detachments.isEmpty();
            queue.await(waiting ? BUSY_SLEEP_NANOS : settings.sleepNanos(linksServed == 0));
        } finally {
            doorbell.parked(false);
            baton.give();
        }
    }

    // ---- links and endpoints ----

    /** Puts a link into the table. @return null, or why not */
    @Nullable
    String serve(OwnedLink link) {
        int i = 0;
        while (i < links.length && links[i] != null) {
            i++;
        }
        if (i == WorkRequestId.MAX_LINKS) {
            return "the device has its limit of " + WorkRequestId.MAX_LINKS + " links";
        }
        if (i == links.length) {
            links = Arrays.copyOf(links, 2 * i);
            generations = Arrays.copyOf(generations, 2 * i);
        }
        generations[i] = generations[i] + 1 & 0xFFFF;
        links[i] = link;
        linksServed++;
        link.routes().linkAttached(this);
        return link.attach(this, i, generations[i]);
    }

    /** Takes a link out of the table: its late completions are stale from now on. */
    void forget(OwnedLink link) {
        if (serves(link)) {
            links[link.index()] = null;
            linksServed--;
            link.routes().linkDetached(this);
        }
    }

    boolean serves(OwnedLink link) {
        return link.loop() == this && links[link.index()] == link;
    }

    boolean owns(SmcrEndpoint endpoint) {
        return endpoint.link() instanceof OwnedLink link && link.loop() == this;
    }

    boolean ownsOrNobody(SmcrEndpoint endpoint) {
        return !(endpoint.link() instanceof OwnedLink link) || link.loop() == this;
    }

    /** Tells a command to the owner that the endpoint belongs to now. */
    void passOn(SmcrEndpoint endpoint, Command command) {
        CompletionQueueHandle handle = endpoint.link() instanceof OwnedLink link ? link.owner() : null;
        if (handle != null) {
            handle.tell(command);
        }
    }

    /** Moves an endpoint between two links of this owner. */
    void rehome(SmcrEndpoint endpoint, OwnedLink from, OwnedLink to) {
        from.endpoints().remove(endpoint);
        endpoint.move(to, dirtySet);
        to.endpoints().add(endpoint);
        endpoint.moved();
    }

    /** The owner ends: nobody works at the queue any more, and what is still attached is broken. @return how many links were */
    int shutDown(String why) {
        baton.take(); // for ever
        int left = 0;
        for (OwnedLink link : links) {
            if (link != null) {
                left++;
                link.fail(CompletionStatus.GENERAL_ERR, why);
            }
        }
        return left;
    }
}
