package io.smc4j.testkit;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.DeviceDecorator;
import io.smc4j.actors.node.DeviceSetup;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.RdmaDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows every native resource of SMC nodes: devices, protection domains, completion queues, queue pairs, memory registrations,
 * DMBs and attachments to peers' DMBs, and actors; who made each, where, and which are still open.
 *
 * <p>It decorates the devices of an actor system that is started with {@link #setup}:
 *
 * <pre>{@code
 * ResourceLedger ledger = new ResourceLedger();
 * ActorSystem<Void> system = ActorSystem.create(
 *         Behaviors.empty(), "server", ActorSystemSetup.create(BootstrapSetup.create(config), ledger.setup("server")));
 * ...
 * ledger.assertNothingOpen(Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>One ledger may serve several systems. The data path is not slowed down noticeably: posts and polls are passed on, nothing is
 * recorded for them. Thread-safe.
 */
public final class ResourceLedger {
    /** Kinds of resources. */
    public enum Kind {
        RDMA_DEVICE("RDMA device"),
        PROTECTION_DOMAIN("protection domain"),
        COMPLETION_QUEUE("completion queue"),
        QUEUE_PAIR("queue pair"),
        MEMORY_REGION("memory region"),
        ISM_DEVICE("ISM device"),
        DMB("DMB"),
        REMOTE_DMB("attachment to a peer's DMB"),
        /** Of the node that is started with {@link #actors}. */
        ACTOR("actor");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** How a person calls it. */
        public String label() {
            return label;
        }

        /** Whether it belongs to a link group: with no link group left, none of them is. The others are the node's. */
        public boolean ofLinkGroup() {
            return this == QUEUE_PAIR || this == MEMORY_REGION || this == DMB || this == REMOTE_DMB;
        }
    }

    /**
     * A resource.
     *
     * @param number counts the resources of a ledger
     * @param kind what it is
     * @param name which it is
     * @param bytes memory it stands for; 0 if none
     * @param owner the node it belongs to, as given to {@link #setup}
     * @param thread name of the thread that made it
     * @param site where it was made: the innermost frames outside this package
     */
    public record Entry(
            long number,
            Kind kind,
            String name,
            long bytes,
            String owner,
            String thread,
            List<StackTraceElement> site) {
        public Entry {
            site = List.copyOf(site);
        }

        /** All but the site. */
        public String line() {
            String size = bytes == 0 ? "" : " of " + bytes + " bytes";
            return "#%d %s %s%s, owned by %s, made by thread %s"
                    .formatted(number, kind.label(), name, size, owner, thread);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(line());
            site.forEach(frame -> text.append("\n        at ").append(frame));
            return text.toString();
        }
    }

    /** Takes an entry off the list. */
    interface Closer {
        void closed();
    }

    private static final int FRAMES = 6;
    private static final int MOST_NAMED = 20;
    private static final String OWN_PACKAGE = ResourceLedger.class.getPackageName() + ".";

    private final Map<Long, Entry> open = new ConcurrentHashMap<>();
    private final Map<Kind, AtomicLong> made = new EnumMap<>(Kind.class);
    private final AtomicLong lastNumber = new AtomicLong();

    public ResourceLedger() {
        for (Kind kind : Kind.values()) {
            made.put(kind, new AtomicLong());
        }
    }

    /** What an actor system is created with, so that its node's devices are in this ledger. @param owner its name in messages */
    public DeviceSetup setup(String owner) {
        return new DeviceSetup(decorator(owner));
    }

    /** The decoration itself, for combination with others. */
    public DeviceDecorator decorator(String owner) {
        return new DeviceDecorator() {
            @Override
            public RdmaDevice decorate(RdmaDevice device) {
                return device instanceof PortControl ports
                        ? new LedgerRdmaDevice.WithPortControl(ResourceLedger.this, owner, device, ports)
                        : new LedgerRdmaDevice(ResourceLedger.this, owner, device);
            }

            @Override
            public IsmDevice decorate(IsmDevice device) {
                return new LedgerIsmDevice(ResourceLedger.this, owner, device);
            }
        };
    }

    /**
     * A decoration of actors by which those of a node are in this ledger, too: spawned, and not stopped yet. Their site is where they
     * were spawned.
     */
    public ActorDecorator actors(String owner) {
        return new LedgerActors(this, owner);
    }

    /** What is open, oldest first. */
    public List<Entry> open() {
        List<Entry> entries = new ArrayList<>(open.values());
        entries.sort(Comparator.comparingLong(Entry::number));
        return entries;
    }

    /** What is open of some kinds, oldest first. */
    public List<Entry> open(Set<Kind> kinds) {
        return open().stream().filter(entry -> kinds.contains(entry.kind())).toList();
    }

    /** How many of a kind are open. */
    public long count(Kind kind) {
        return open.values().stream().filter(entry -> entry.kind() == kind).count();
    }

    /** Bytes of all open memory regions and DMBs. A peer's DMB counts with the peer. */
    public long registeredBytes() {
        return open.values().stream()
                .filter(entry -> entry.kind() == Kind.MEMORY_REGION || entry.kind() == Kind.DMB)
                .mapToLong(Entry::bytes)
                .sum();
    }

    /** How many of a kind were ever made. */
    public long made(Kind kind) {
        AtomicLong count = made.get(kind);
        return count == null ? 0 : count.get();
    }

    /** Waits until nothing is open at all, as after the shutdown of all nodes. @throws AssertionError with the list of what is */
    public void assertNothingOpen(Duration limit) throws InterruptedException {
        assertNoneOpen(EnumSet.allOf(Kind.class), limit);
    }

    /** Waits until no link group has anything left; devices may be open. @throws AssertionError with the list of what is */
    public void assertNoLinkGroupResources(Duration limit) throws InterruptedException {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        Arrays.stream(Kind.values()).filter(Kind::ofLinkGroup).forEach(kinds::add);
        assertNoneOpen(kinds, limit);
    }

    /** Waits until none of some kinds is open. @throws AssertionError with the list of those that are */
    public synchronized void assertNoneOpen(Set<Kind> kinds, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Entry> left = open(kinds);
        while (!left.isEmpty()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(describe(left, limit));
            }
            wait(millis);
            left = open(kinds);
        }
    }

    /** What is open, a line each. */
    public String summary() {
        List<Entry> all = open();
        StringBuilder text = new StringBuilder(all.size() + " resources are open");
        all.forEach(entry -> text.append("\n  ").append(entry.line()));
        return text.toString();
    }

    private static String describe(List<Entry> left, Duration limit) {
        StringBuilder text =
                new StringBuilder("%d resources are still open after %d ms:".formatted(left.size(), limit.toMillis()));
        left.stream().limit(MOST_NAMED).forEach(entry -> text.append("\n  ").append(entry));
        if (left.size() > MOST_NAMED) {
            text.append("\n  and %d more".formatted(left.size() - MOST_NAMED));
        }
        return text.toString();
    }

    /** Writes a resource down. @return to be told when it is closed; more than once does no harm */
    Closer opened(Kind kind, String name, long bytes, String owner) {
        return opened(kind, name, bytes, owner, site());
    }

    /** Where we are: the innermost frames outside the testkit. */
    static List<StackTraceElement> site() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(OWN_PACKAGE))
                        .limit(FRAMES)
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .toList());
    }

    Closer opened(Kind kind, String name, long bytes, String owner, List<StackTraceElement> site) {
        long number = lastNumber.incrementAndGet();
        Entry entry = new Entry(
                number, kind, name, bytes, owner, Thread.currentThread().getName(), site);
        open.put(number, entry);
        AtomicLong count = made.get(kind);
        if (count != null) {
            count.incrementAndGet();
        }
        return () -> closed(number);
    }

    private void closed(long number) {
        if (open.remove(number) != null) {
            synchronized (this) {
                notifyAll();
            }
        }
    }
}
