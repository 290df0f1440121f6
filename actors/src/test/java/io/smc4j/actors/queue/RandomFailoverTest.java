package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcException;
import io.smc4j.actors.fake.FakeQueuePair;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two sides, two links, one connection, everything in one thread in random order: applications, turns of owners, execution of
 * requests, held back and lost completions, links that break at random points, failover, new links. Every byte must arrive
 * exactly once. Replay with {@code -Dsmc4j.test.seed=<seed>}.
 */
class RandomFailoverTest {
    private static final int SEEDS = Integer.getInteger("smc4j.test.seeds", 8);

    /** One application: writes a pattern, checks that it reads the peer's. */
    private static final class Application {
        final Side side;
        final long total;
        long written;
        long read;

        Application(Side side, long total) {
            this.side = side;
            this.total = total;
        }

        static byte pattern(long position) {
            return (byte) (position * 2654435761L >>> 13);
        }

        void write(int most) throws SmcException {
            int n = (int) Math.min(most, total - written);
            byte[] bytes = new byte[n];
            for (int i = 0; i < n; i++) {
                bytes[i] = pattern(written + i);
            }
            if (n > 0) {
                written += side.endpoint.tryWrite(MemorySegment.ofArray(bytes), 0, n);
            }
        }

        void read(int most) throws SmcException {
            byte[] bytes = new byte[most];
            long n = side.endpoint.tryRead(MemorySegment.ofArray(bytes), 0, most);
            for (int i = 0; i < n; i++) {
                if (bytes[i] != pattern(read + i)) {
                    throw new AssertionError("byte " + (read + i) + " is wrong");
                }
            }
            read += Math.max(0, n);
        }
    }

    private static final class World {
        final SplittableRandom random;
        final Pair pair;
        final int owners;
        final List<Pair.Link> links = new ArrayList<>();
        final List<Pair.Link> dead = new ArrayList<>();
        final Application a;
        final Application b;
        Pair.Link linkOfA;
        Pair.Link linkOfB;
        int failovers;

        World(long seed, int send, int rmb, int owners, long total) throws RdmaException {
            random = new SplittableRandom(seed);
            this.owners = owners;
            pair = new Pair(send, rmb, owners);
            links.add(pair.newLink(0));
            links.add(pair.newLink(owners - 1));
            linkOfA = links.getFirst();
            linkOfB = links.getFirst();
            pair.connect(links.getFirst());
            a = new Application(pair.a, total);
            b = new Application(pair.b, total / 2);
        }

        void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1 -> a.write(random.nextInt(1, 3000));
                case 2, 3 -> b.write(random.nextInt(1, 3000));
                case 4 -> a.read(random.nextInt(1, 3000));
                case 5 -> b.read(random.nextInt(1, 3000));
                case 6, 7 -> turn(random.nextBoolean() ? pair.a : pair.b);
                case 8, 9, 10 -> execute();
                default -> {
                    if (random.nextInt(40) == 0) {
                        breakOne();
                    }
                }
            }
            failOver();
        }

        private void turn(Side side) {
            side.owners.get(random.nextInt(owners)).turn();
        }

        private void execute() {
            Pair.Link link = links.get(random.nextInt(links.size()));
            FakeQueuePair from = Side.pair(random.nextBoolean() ? link.a() : link.b());
            from.withholdAcknowledgements = random.nextInt(3) == 0;
            if (!from.withholdAcknowledgements) {
                from.acknowledge();
            }
            from.step(random.nextInt(1, 6));
        }

        private void breakOne() {
            if (links.size() < 2) {
                return;
            }
            Pair.Link link = links.get(random.nextInt(links.size()));
            // One end notices at once, the other may go on for a while.
            Side.pair(random.nextBoolean() ? link.a() : link.b()).toError();
        }

        /** What link group actors do, a little late. */
        private void failOver() throws RdmaException {
            for (Pair.Link link : List.copyOf(links)) {
                boolean failedA = !link.heardA().failures.isEmpty();
                boolean failedB = !link.heardB().failures.isEmpty();
                if ((!failedA && !failedB) || random.nextInt(8) != 0 || links.size() < 2) {
                    continue;
                }
                links.remove(link);
                dead.add(link);
                Pair.Link target = links.get(random.nextInt(links.size()));
                failovers++;
                // A moves, B some time later: in between they use different links, as in life.
                if (linkOfA == link) {
                    move(pair.a, link.a(), target.a());
                    linkOfA = target;
                }
                for (int i = random.nextInt(30); i > 0; i--) {
                    turn(random.nextBoolean() ? pair.a : pair.b);
                    execute();
                }
                if (linkOfB == link) {
                    move(pair.b, link.b(), target.b());
                    linkOfB = target;
                }
                detach(pair.a, link.a());
                detach(pair.b, link.b());
                links.add(pair.newLink(random.nextInt(owners)));
            }
        }

        private void move(Side side, OwnedLink from, OwnedLink to) {
            owner(side, from)
                    .tell(new Command.MoveEndpoints(
                            from, to, TestInbox.<Reply.EndpointsMoved>create().getRef()));
        }

        private void detach(Side side, OwnedLink link) {
            owner(side, link)
                    .tell(new Command.DetachLink(
                            link,
                            java.time.Duration.ofSeconds(5),
                            TestInbox.<Reply.LinkDetached>create().getRef()));
        }

        private static Side.Owner owner(Side side, OwnedLink link) {
            return side.owners.stream()
                    .filter(owner -> owner.loop == link.loop())
                    .findFirst()
                    .orElseThrow();
        }

        void finish() throws Exception {
            for (int i = 0; i < 100_000 && (a.read < b.total || b.read < a.total); i++) {
                a.write(5000);
                b.write(5000);
                for (int j = 0; j < 10; j++) {
                    execute();
                    turn(pair.a);
                    turn(pair.b);
                }
                failOver();
                a.read(5000);
                b.read(5000);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1024,1024,1", "4096,16384,1", "16384,4000,1", "1000,1500,2", "16384,16384,2"})
    void shouldDeliverEveryByteOnceWhileLinksBreak(int send, int rmb, int owners) throws Exception {
        long first = Long.getLong("smc4j.test.seed", -1);
        long base = first >= 0 ? first : new SplittableRandom().nextLong(1L << 40);
        int failovers = 0;
        for (long seed = base; seed < base + (first >= 0 ? 1 : SEEDS); seed++) {
            World world = new World(seed, send, rmb, owners, 20L * rmb);
            try (Pair pair = world.pair) {
                try {
                    for (int i = 0; i < 20_000; i++) {
                        world.step();
                    }
                    world.finish();
                    assertThat(pair.a.edges.violations).isEmpty();
                    assertThat(pair.b.edges.violations).isEmpty();
                    assertThat(world.b.read).as("a to b").isEqualTo(world.a.total);
                    assertThat(world.a.read).as("b to a").isEqualTo(world.b.total);
                    endBothDirections(world);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError(
                            "seed " + seed + " (violations: a " + pair.a.edges.violations + ", b "
                                    + pair.b.edges.violations + ")",
                            e);
                }
            }
            failovers += world.failovers;
        }
        assertThat(failovers).as("failovers from seed " + base).isGreaterThan(0);
    }

    private static void endBothDirections(World world) throws Exception {
        Pair pair = world.pair;
        pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
        pair.b.endpoint.sendStateFlags(CdcFlags.CLOSED);
        TestInbox<Reply.EndpointDetached> a = TestInbox.create();
        TestInbox<Reply.EndpointDetached> b = TestInbox.create();
        pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, a.getRef()));
        pair.b.owner().tell(new Command.DetachEndpoint(pair.b.endpoint, b.getRef()));
        for (int i = 0; i < 20_000 && !(a.hasMessages() && b.hasMessages()); i++) {
            world.execute();
            world.turn(pair.a);
            world.turn(pair.b);
            world.failOver();
        }
        assertThat(a.receiveMessage().quiet()).isTrue();
        assertThat(b.receiveMessage().quiet()).isTrue();
        assertThat(pair.a.endpoint.isQuiet()).isTrue();
    }
}
