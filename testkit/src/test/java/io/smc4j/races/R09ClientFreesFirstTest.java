package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** the client's idle time ends before the server's; then the server names a group that the client does not have. */
@Timeout(60)
class R09ClientFreesFirstTest {
    private static final String HASTY = "smc4j.link-group { idle-timeout-server = 1 ms, idle-timeout-client = 20 ms }";

    @Test
    void shouldGiveTheServerTheShorterIdleTime() {
        assertThat(GroupTimeouts.linux(GroupRole.SERVER).idle())
                .isLessThan(GroupTimeouts.linux(GroupRole.CLIENT).idle());
        assertThatThrownBy(() -> SmcSettings.from(ConfigFactory.parseString(
                                "smc4j.link-group { idle-timeout-server = 20 s, idle-timeout-client = 20 s }")
                        .withFallback(ConfigFactory.load())))
                .hasMessageContaining("idle-timeout-client");
    }

    @Test
    void shouldFallBackOnceAndMakeANewGroupThen() throws Exception {
        try (NodesA nodes = new NodesA("", HASTY)) { // SMC-D: no message tells the server of the client's end
            nodes.connect(TransportPreference.SMC_D).close();
            BenchA.until(() -> assertThat(nodes.clientsActors("link-group-")).isEmpty());
            assertThat(nodes.serversActors("link-group-")).hasSize(1);

            NodesA.Ends second = nodes.connect(TransportPreference.SMC_D);
            assertThat(second.near().info().transport()).isEqualTo(Transport.TCP);
            assertThat(second.near().info().fallback().orElseThrow().code()).isEqualTo(DiagnosisCode.SYNCERR.code());
            assertThat(second.far().info().fallback().orElseThrow().peerDiagnosis())
                    .hasValue(DiagnosisCode.SYNCERR.code());
            second.exchange("over TCP");
            BenchA.until(() -> assertThat(nodes.serversActors("link-group-")).isEmpty());

            NodesA.Ends third = nodes.connect(TransportPreference.SMC_D);
            assertThat(third.near().info().transport()).isEqualTo(Transport.SMC_D);
            third.exchange("over SMC-D");
            second.close();
            third.close();
        }
    }

    @Test
    void shouldTellTheServerOfTheEndWhereThereIsALink() throws Exception {
        try (NodesA nodes = new NodesA("", HASTY)) {
            nodes.connect(TransportPreference.SMC_R).close();
            BenchA.until(() -> assertThat(nodes.serversActors("link-group-")).isEmpty()); // by DELETE LINK (all)
            NodesA.Ends second = nodes.connect(TransportPreference.SMC_R);
            assertThat(second.near().info().transport()).isEqualTo(Transport.SMC_R);
            second.close();
        }
    }
}
