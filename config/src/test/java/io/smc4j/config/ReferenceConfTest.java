package io.smc4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds reference.conf and the code that reads it together: every key is documented, read, and has the default it states. */
class ReferenceConfTest {
    private static final Config REFERENCE = ConfigFactory.parseResources("reference.conf");
    private static final Set<String> PEKKO_BLOCKS = Set.of(
            SmcSettings.COMPLETION_QUEUE_DISPATCHER, SmcSettings.CONTROL_DISPATCHER, SmcSettings.BLOCKING_DISPATCHER);

    /** All keys. Whoever adds one adds it here, to reference.conf and to a record. */
    private static final List<String> KEYS = List.of(
            "smc4j.transport",
            "smc4j.versions",
            "smc4j.shared-memory-directory",
            "smc4j.ueids",
            "smc4j.host-name",
            "smc4j.negotiation.strategy",
            "smc4j.negotiation.recognition-timeout",
            "smc4j.negotiation.tcp-option.attach",
            "smc4j.negotiation.tcp-option.cgroup",
            "smc4j.clc.timeout",
            "smc4j.clc.decline-wait",
            "smc4j.llc.first-wait",
            "smc4j.llc.wait",
            "smc4j.llc.client-confirm-link-wait",
            "smc4j.llc.flow-initiate-wait",
            "smc4j.llc.test-link-interval",
            "smc4j.smc-r.enabled",
            "smc4j.smc-r.provider",
            "smc4j.smc-r.devices",
            "smc4j.smc-r.ports",
            "smc4j.smc-r.buffer-size",
            "smc4j.smc-r.max-links",
            "smc4j.smc-r.max-connections",
            "smc4j.smc-d.enabled",
            "smc4j.smc-d.provider",
            "smc4j.smc-d.buffer-size",
            "smc4j.link-group.idle-timeout-server",
            "smc4j.link-group.idle-timeout-client",
            "smc4j.link-group.termination-deadline",
            "smc4j.link-group.max-memory",
            "smc4j.close.drain-timeout",
            "smc4j.idle.strategy",
            "smc4j.idle.spin-time",
            "smc4j.idle.max-park");

    @Test
    void shouldHaveExactlyTheListedKeys() {
        assertThat(leaves("smc4j", REFERENCE.getObject("smc4j"))).containsExactlyInAnyOrderElementsOf(KEYS);
        assertThat(REFERENCE.root().keySet()).containsExactly("smc4j");
    }

    static Stream<String> keys() {
        return KEYS.stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldDocumentEachKeyWithItsRangeAndDefault(String key) {
        ConfigValue value = REFERENCE.getValue(key);
        List<String> comments = value.origin().comments();
        assertThat(comments).as("documentation of %s", key).hasSizeGreaterThanOrEqualTo(2);
        String last = comments.getLast();
        assertThat(last).as("last line of the documentation of %s", key).contains(". Default: ");
        String stated = last.substring(last.indexOf("Default: ") + "Default: ".length());
        ConfigValue parsed = ConfigFactory.parseString("v = " + stated).getValue("v");
        assertThat(parsed.render(ConfigRenderOptions.concise()))
                .as("default that the documentation of %s states", key)
                .isEqualTo(value.render(ConfigRenderOptions.concise()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldReadEachKey(String key) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SmcSettings.from(REFERENCE.withoutPath(key)))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.path()).isEqualTo(key)))
                .withMessageContaining("ConfigFactory.load()");
    }

    @Test
    void shouldDocumentEachBlockAndDispatcher() {
        ConfigObject smc4j = REFERENCE.getObject("smc4j");
        assertThat(smc4j.keySet())
                .allSatisfy(name -> assertThat(
                                REFERENCE.getValue("smc4j." + name).origin().comments())
                        .as(name)
                        .isNotEmpty());
        assertThat(PEKKO_BLOCKS)
                .allSatisfy(block -> assertThat(REFERENCE.hasPath(block)).isTrue());
    }

    @Test
    void shouldRequireEachDispatcher() {
        assertThat(PEKKO_BLOCKS)
                .allSatisfy(block -> assertThatExceptionOfType(SettingsException.class)
                        .isThrownBy(() -> SmcSettings.from(REFERENCE.withoutPath(block)))
                        .withMessageContaining(block));
    }

    private static List<String> leaves(String path, ConfigObject object) {
        List<String> found = new ArrayList<>();
        object.forEach((name, value) -> {
            String child = path + "." + name;
            if (value instanceof ConfigObject inner) {
                found.addAll(PEKKO_BLOCKS.contains(child) ? List.of() : leaves(child, inner));
            } else {
                found.add(child);
            }
        });
        return found;
    }
}
