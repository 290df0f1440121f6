package io.smc4j.actors.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.config.SettingsException;
import io.smc4j.config.SmcSettings;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.Test;

/** reference.conf as an actor system sees it: its dispatchers work with this version of Pekko, its settings can be read. */
class DispatchersTest {
    @Test
    void shouldFindSettingsAndDispatchersInAnActorSystem() throws SettingsException {
        ActorSystem system = ActorSystem.create("dispatchers");
        try {
            assertThat(SmcSettings.from(system.settings().config()).ueids()).containsExactly("SMC4J");
            assertThat(system.dispatchers().lookup(SmcSettings.COMPLETION_QUEUE_DISPATCHER))
                    .isNotNull();
            assertThat(system.dispatchers().lookup(SmcSettings.CONTROL_DISPATCHER))
                    .isNotNull();
            assertThat(system.dispatchers().lookup(SmcSettings.BLOCKING_DISPATCHER))
                    .isNotNull();
        } finally {
            system.terminate();
        }
    }
}
