package io.smc4j.rdma.disni;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.SendWorkRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** rdma_cm and queue pairs without an adapter: connections between all users of one fabric; sends arrive without their bytes. */
final class FakeFabric implements Jverbs {
    private final Map<Integer, FakeId> listeners = new HashMap<>();
    private int nextPort = 40_000;
    int idsOpen;
    int pairsOpen;
    int receiveCallsMade;

    @Override
    public Channel openChannel() {
        return new FakeChannel();
    }

    /** An id of nobody's device, to connect with as a stranger would. */
    FakeId stranger(InetSocketAddress target) throws IOException {
        FakeId id = new FakeId(new FakeChannel());
        id.bind(new InetSocketAddress(target.getAddress(), 0));
        id.target = target;
        id.connect(7, 7);
        return id;
    }

    final class FakeChannel implements Channel {
        final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

        @Override
        public Id createId() {
            return new FakeId(this);
        }

        @Override
        public @Nullable Event next(int timeoutMillis) throws IOException {
            try {
                return events.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void destroy() {}
    }

    final class FakeId implements Id {
        final FakeChannel channel;

        @Nullable
        InetSocketAddress local;

        @Nullable
        InetSocketAddress target;

        @Nullable
        FakeId peer;

        @Nullable
        FakePair pair;

        boolean accepted;
        boolean destroyed;

        FakeId(FakeChannel channel) {
            this.channel = channel;
            idsOpen++;
        }

        void tell(EventType type) {
            channel.events.add(new Event(type, this));
        }

        @Override
        public void bind(InetSocketAddress address) {
            synchronized (FakeFabric.this) {
                local = new InetSocketAddress(
                        address.getAddress(), address.getPort() == 0 ? nextPort++ : address.getPort());
            }
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public InetSocketAddress remote() {
            return target;
        }

        @Override
        public void listen(int backlog) {
            synchronized (FakeFabric.this) {
                listeners.put(local.getPort(), this);
            }
        }

        @Override
        public void resolveAddress(InetSocketAddress remote, int timeoutMillis) {
            target = remote;
            tell(EventType.ADDR_RESOLVED);
        }

        @Override
        public void resolveRoute(int timeoutMillis) {
            tell(EventType.ROUTE_RESOLVED);
        }

        @Override
        public void connect(int retryCount, int rnrRetry) throws IOException {
            synchronized (FakeFabric.this) {
                FakeId listener = listeners.get(target.getPort());
                if (listener == null) {
                    tell(EventType.REJECTED);
                    return;
                }
                FakeId child = new FakeId(listener.channel);
                child.target = local;
                child.peer = this;
                peer = child;
                child.tell(EventType.CONNECT_REQUEST);
            }
        }

        @Override
        public void accept(int retryCount, int rnrRetry) {
            synchronized (FakeFabric.this) {
                accepted = true;
                peer.accepted = true;
                peer.tell(EventType.ESTABLISHED);
                tell(EventType.ESTABLISHED);
            }
        }

        @Override
        public void disconnect() {
            synchronized (FakeFabric.this) {
                if (pair != null) {
                    pair.flush();
                }
                leave();
            }
        }

        private void leave() {
            FakeId other = peer;
            if (other != null) {
                other.tell(other.accepted ? EventType.DISCONNECTED : EventType.REJECTED);
                other.peer = null;
                peer = null;
            }
        }

        @Override
        public Context context() {
            return new FakeContext();
        }

        @Override
        public Pair createPair(Domain domain, Jverbs.Queue queue, int sends, int receives, int inlineBytes) {
            synchronized (FakeFabric.this) {
                pairsOpen++;
                pair = new FakePair(this, (FakeQueue) queue);
                return pair;
            }
        }

        @Override
        public void destroyPair() {
            synchronized (FakeFabric.this) {
                pairsOpen--;
                pair = null;
            }
        }

        @Override
        public void destroy() {
            synchronized (FakeFabric.this) {
                if (destroyed) {
                    throw new IllegalStateException("destroyed twice");
                }
                destroyed = true;
                idsOpen--;
                if (local != null) {
                    listeners.remove(local.getPort(), this);
                }
                leave();
            }
        }
    }

    final class FakeContext implements Context {
        @Override
        public Domain allocateDomain() {
            return new Domain() {
                @Override
                public Memory register(long address, int length, boolean remoteWrite) {
                    return new Memory() {
                        @Override
                        public int localKey() {
                            return 1;
                        }

                        @Override
                        public int remoteKey() {
                            return 2;
                        }

                        @Override
                        public void free() {}
                    };
                }

                @Override
                public void free() {}
            };
        }

        @Override
        public Jverbs.Queue createQueue(int capacity) {
            return new FakeQueue();
        }
    }

    private record Done(long id, int status, int bytes) {}

    final class FakeQueue implements Jverbs.Queue {
        final Deque<Done> done = new ArrayDeque<>();
        final LinkedBlockingQueue<Integer> notifications = new LinkedBlockingQueue<>();
        boolean armed;

        void add(Done completion) {
            done.add(completion);
            if (armed) {
                armed = false;
                notifications.add(1);
            }
        }

        @Override
        public Poll poller(int most) {
            Done[] taken = new Done[most];
            return new Poll() {
                @Override
                public int execute() {
                    synchronized (FakeFabric.this) {
                        int count = 0;
                        while (count < most && !done.isEmpty()) {
                            taken[count++] = done.remove();
                        }
                        return count;
                    }
                }

                @Override
                public long id(int i) {
                    return taken[i].id();
                }

                @Override
                public int status(int i) {
                    return taken[i].status();
                }

                @Override
                public int bytes(int i) {
                    return taken[i].bytes();
                }

                @Override
                public void free() {}
            };
        }

        @Override
        public void requestNotify() {
            synchronized (FakeFabric.this) {
                armed = true;
            }
        }

        @Override
        public boolean awaitEvent(int timeoutMillis) throws IOException {
            try {
                return notifications.poll(timeoutMillis, TimeUnit.MILLISECONDS) != null;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void destroy() {}
    }

    final class FakePair implements Pair {
        private final FakeId id;
        private final FakeQueue queue;
        private final Deque<Long> receives = new ArrayDeque<>();
        private boolean broken;

        FakePair(FakeId id, FakeQueue queue) {
            this.id = id;
            this.queue = queue;
        }

        void flush() {
            broken = true;
            while (!receives.isEmpty()) {
                queue.add(new Done(receives.remove(), CompletionStatus.WR_FLUSH_ERR.code(), 0));
            }
        }

        @Override
        public Send sender(int opcode, int segments) {
            return new Send() {
                private long workId;
                private int flags;
                private int bytes;

                @Override
                public void request(long newId, int newFlags, long remoteAddress, int remoteKey) {
                    workId = newId;
                    flags = newFlags;
                    bytes = 0;
                }

                @Override
                public void segment(int i, long address, int length, int localKey) {
                    bytes += length;
                }

                @Override
                public void execute() {
                    synchronized (FakeFabric.this) {
                        FakeId other = id.peer;
                        if (broken || other == null || other.pair == null) {
                            queue.add(new Done(workId, CompletionStatus.WR_FLUSH_ERR.code(), 0));
                            return;
                        }
                        if (opcode == SendWorkRequest.OP_SEND && other.pair.receives.isEmpty()) {
                            queue.add(new Done(workId, CompletionStatus.RNR_RETRY_EXC_ERR.code(), 0));
                            flush();
                            return;
                        }
                        if (opcode == SendWorkRequest.OP_SEND) {
                            other.pair.queue.add(new Done(other.pair.receives.remove(), 0, bytes));
                        }
                        if ((flags & SendWorkRequest.SIGNALED) != 0) {
                            queue.add(new Done(workId, 0, 0));
                        }
                    }
                }

                @Override
                public void free() {}
            };
        }

        @Override
        public Receive receiver(long workId, long address, int length, int localKey) {
            receiveCallsMade++;
            return new Receive() {
                @Override
                public void execute() {
                    synchronized (FakeFabric.this) {
                        receives.add(workId);
                        if (broken) {
                            flush();
                        }
                    }
                }

                @Override
                public void free() {}
            };
        }
    }
}
