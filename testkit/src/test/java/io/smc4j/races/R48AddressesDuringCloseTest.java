package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * somebody asks for a connection's addresses while its TCP socket is released. They are facts of the handle, not of the
 * socket: the same before, while and after.
 */
@SmcTest
class R48AddressesDuringCloseTest {
    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D", "TCP"})
    void shouldTellTheSameAtEveryStepOfAClose(TransportPreference transport, NodePair pair, SmcServerChannel listener)
            throws Exception {
        NodePair.Ends ends = pair.connect(listener, transport);
        SmcChannel near = ends.client();
        ConnectionInfo before = near.info();
        List<ConnectionInfo> during = new CopyOnWriteArrayList<>();
        pair.client().director().at(ActorKind.CONNECTION).always().run(() -> during.add(near.info()));
        near.close();
        during.add(near.info());
        ends.server().close();
        TestNode.await(near.terminated());
        during.add(near.info());
        assertThat(during).hasSizeGreaterThan(transport == TransportPreference.TCP ? 1 : 3);
        assertThat(during).allSatisfy(info -> {
            assertThat(info.local()).isEqualTo(before.local());
            assertThat(info.remote()).isEqualTo(before.remote());
            assertThat(info.transport()).isEqualTo(before.transport());
        });
    }
}
