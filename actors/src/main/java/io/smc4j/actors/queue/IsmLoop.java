package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Doorbell;
import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the owner of an ISM device does in its turns, without the actor around it. It moves no data: it delivers doorbells to
 * endpoints whose sleepers asked for them, and now and then looks at all endpoints for state flags of peers. One thread.
 */
final class IsmLoop {
    private static final int TURNS_PER_WATCH = 4096;
    private static final long BUSY_SLEEP_NANOS = 1_000_000;

    private final IsmDevice device;
    private final OwnerSettings settings;
    private final IsmListener listener;
    private final LongSupplier clock;
    private final QueueCounters counters = new QueueCounters();
    private final Doorbell doorbell;
    private final IsmHandle handle;
    private final IsmDevice.SignalHandler deliver = this::deliver;
    private final IdentityHashMap<SmcdEndpoint, SmcdDoorbell> attached = new IdentityHashMap<>();
    private final List<IsmCommand.Detach> detaching = new ArrayList<>();
    private long lastWatch;
    private boolean allRing = true;
    private int turns;

    IsmLoop(
            IsmDevice device,
            OwnerSettings settings,
            IsmListener listener,
            Consumer<IsmCommand> mailbox,
            LongSupplier clock) {
        this.device = device;
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        doorbell = new Doorbell(device::wakeUp);
        handle = new IsmHandle(mailbox, doorbell, counters);
        lastWatch = clock.getAsLong();
    }

    IsmHandle handle() {
        return handle;
    }

    Doorbell doorbell() {
        return doorbell;
    }

    QueueCounters counters() {
        return counters;
    }

    /** Carries out a command told to {@link #handle}. */
    void execute(IsmCommand command) {
        doorbell.commandTaken();
        counters.increment(Counter.COMMANDS);
        switch (command) {
            case IsmCommand.Attach attach -> {
                attached.put(attach.endpoint(), attach.doorbell());
                attach.doorbell().lead(attach.endpoint());
                attach.endpoint().attached();
            }
            case IsmCommand.Detach detach -> {
                detach.endpoint().close();
                detaching.add(detach);
            }
            case IsmCommand.Stop stop -> {
                // the actor's
            }
            case IsmCommand.Turn turn -> {
                // the actor's
            }
        }
    }

    /** One bounded turn. @return how much was done */
    int doWork() {
        counters.increment(Counter.POLLS);
        int work = device.pollSignals(deliver);
        if (!detaching.isEmpty()) {
            finishDetaching(); // says nothing about more to come: no reason to stay awake
        }
        if ((++turns & TURNS_PER_WATCH - 1) == 0) {
            watchIfDue();
        }
        return work;
    }

    private void deliver(Object cookie) {
        if (cookie instanceof SmcdDoorbell bell) {
            SmcdEndpoint endpoint = bell.endpoint();
            if (endpoint != null) {
                counters.increment(Counter.SIGNALS);
                endpoint.onSignal();
                allRing = false; // it may not have asked for the next one
            }
        }
    }

    private int finishDetaching() {
        int done = 0;
        for (int i = detaching.size() - 1; i >= 0; i--) {
            IsmCommand.Detach detach = detaching.get(i);
            SmcdEndpoint endpoint = detach.endpoint();
            if (!endpoint.isQuiet()) {
                continue;
            }
            SmcdDoorbell bell = attached.remove(endpoint);
            if (bell != null && bell.endpoint() == endpoint) {
                bell.lead(null);
            }
            detaching.remove(i);
            done++;
            detach.replyTo().tell(new IsmCommand.Detached(endpoint));
        }
        return done;
    }

    /** Looks at all endpoints and at the device's events, at most once per longest sleep. */
    private void watchIfDue() {
        long now = clock.getAsLong();
        if (now - lastWatch >= settings.longestSleep().toNanos()) {
            lastWatch = now;
            watch();
        }
    }

    void watch() {
        boolean asked = true;
        for (SmcdEndpoint endpoint : attached.keySet()) {
            asked &= endpoint.watch();
        }
        allRing = asked;
        IsmEvent event;
        while ((event = device.pollEvent()) != null) {
            switch (event) {
                case IsmEvent.PeerGone gone -> listener.peerGone(gone.peer(), gone.reason());
            }
        }
    }

    /** Sleeps until there may be something to do. */
    void sleep() {
        watchIfDue();
        doorbell.parked(true);
        try {
            device.arm();
            // The last look comes after both announcements.
            if (doWork() > 0 || doorbell.commandsWaiting()) {
                return;
            }
            counters.increment(Counter.SLEEPS);
            device.await(detaching.isEmpty() ? settings.sleepNanos(allRing) : BUSY_SLEEP_NANOS);
        } finally {
            doorbell.parked(false);
        }
    }

    /** The owner ends. @return how many endpoints were still attached */
    int shutDown() {
        return attached.size();
    }
}
