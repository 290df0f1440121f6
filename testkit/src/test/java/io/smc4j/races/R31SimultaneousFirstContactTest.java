package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupSpec;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.protocol.llc.LlcConfirmLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** fifty connects to the same server at once, and CONFIRM LINK is long in coming. */
@Timeout(60)
class R31SimultaneousFirstContactTest {
    private static final int CONNECTS = 50;
    private static final GroupKey KEY = new GroupKey.Smcr(BenchA.PEER.value(), BenchA.peerGid(1));
    private static final GroupSpec.Limits LIMITS = new GroupSpec.Limits(1, 255);

    private static LinkGroupRegistry.ForClient ask(GroupKey key, TestProbe<LinkGroupRegistry.Granted> asker) {
        return new LinkGroupRegistry.ForClient(key, LIMITS, Set.of(), asker.getRef());
    }

    @Test
    void shouldMakeOneGroupAndLetNobodyInBeforeItIsActive() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroupRegistry.Command> registry = bench.kit.spawn(LinkGroupRegistry.create(bench.node));
            List<TestProbe<LinkGroupRegistry.Granted>> askers = new ArrayList<>();
            for (int i = 0; i < CONNECTS; i++) {
                TestProbe<LinkGroupRegistry.Granted> asker = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
                askers.add(asker);
                registry.tell(ask(KEY, asker));
            }
            LinkGroupRegistry.Granted first = askers.getFirst().receiveMessage();
            assertThat(first.created()).isTrue();
            ActorRef<LinkGroup.Command> group = Objects.requireNonNull(first.group());
            BenchA.Handshake handshake = bench.joinServer(group);
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            group.tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(1)));
            FakeQpA link = bench.qp(0);
            int number = link.expect(LlcConfirmLink.class).linkNumber();
            // CONFIRM LINK is on its way: everybody else waits, and nobody got a half-built group
            for (TestProbe<LinkGroupRegistry.Granted> waiting : askers.subList(1, CONNECTS)) {
                waiting.expectNoMessage(Duration.ZERO);
            }
            // another peer does not wait with them
            TestProbe<LinkGroupRegistry.Granted> other = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
            registry.tell(ask(new GroupKey.Smcr(4711, BenchA.peerGid(3)), other));
            assertThat(other.receiveMessage().created()).isTrue();

            link.receive(BenchA.confirmLink(true, number, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            for (TestProbe<LinkGroupRegistry.Granted> waiting : askers.subList(1, CONNECTS)) {
                assertThat(waiting.receiveMessage()).isEqualTo(new LinkGroupRegistry.Granted(group, false));
            }
        }
    }

    @Test
    void shouldLetTheNextOneMakeTheGroupWhenFirstContactFails() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroupRegistry.Command> registry = bench.kit.spawn(LinkGroupRegistry.create(bench.node));
            TestProbe<LinkGroupRegistry.Granted> asker = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
            for (int i = 0; i < 3; i++) {
                registry.tell(ask(KEY, asker));
            }
            ActorRef<LinkGroup.Command> last = null;
            for (int i = 0; i < 3; i++) {
                LinkGroupRegistry.Granted granted = asker.receiveMessage();
                assertThat(granted.created()).isTrue();
                assertThat(granted.group()).isNotNull().isNotEqualTo(last);
                asker.expectNoMessage(Duration.ofMillis(5));
                last = Objects.requireNonNull(granted.group());
                BenchA.Handshake handshake = bench.joinServer(last);
                JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
                last.tell(new LinkGroup.HandshakeOver(offered.connection(), "the client is gone"));
            }
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldLetTheNextOneMakeTheGroupWhenItsCreatorIsGoneBeforeItJoins() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroupRegistry.Command> registry = bench.kit.spawn(LinkGroupRegistry.create(bench.node));
            TestProbe<LinkGroupRegistry.Granted> creator = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
            TestProbe<LinkGroupRegistry.Granted> next = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
            registry.tell(ask(KEY, creator));
            LinkGroupRegistry.Granted first = creator.receiveMessage();
            registry.tell(ask(KEY, next));
            next.expectNoMessage(Duration.ofMillis(5));
            creator.stop();
            LinkGroupRegistry.Granted second = next.receiveMessage();
            assertThat(second.created()).isTrue();
            assertThat(second.group()).isNotNull().isNotEqualTo(first.group());
            bench.awaitStopped(Objects.requireNonNull(first.group()));
        }
    }
}
