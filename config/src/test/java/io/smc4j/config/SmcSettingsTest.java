package io.smc4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmcSettingsTest {

    @Test
    void shouldGiveTheStatedDefaults() throws SettingsException {
        SmcSettings settings = settings("");
        assertThat(settings.transport()).isEqualTo(TransportSetting.AUTO);
        assertThat(settings.versions()).isEqualTo(VersionSetting.AUTO);
        assertThat(settings.sharedMemoryDirectory()).isEqualTo(Path.of("/dev/shm"));
        assertThat(settings.ueids()).containsExactly("SMC4J");
        assertThat(settings.hostName()).isEmpty();
        assertThat(settings.negotiation())
                .isEqualTo(new NegotiationSettings(
                        NegotiationSettings.Strategy.RENDEZVOUS,
                        Duration.ofMillis(250),
                        new NegotiationSettings.TcpOption(true, Optional.empty())));
        assertThat(settings.clc()).isEqualTo(new ClcSettings(Duration.ofSeconds(6), Duration.ofSeconds(1)));
        assertThat(settings.llc().testLinkInterval()).contains(Duration.ofSeconds(30));
        assertThat(settings.llc().clientConfirmLinkWait()).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.smcR())
                .isEqualTo(new SmcRSettings(true, "softrdma", List.of("soft0"), 2, 256 * 1024, 2, 255));
        assertThat(settings.smcD()).isEqualTo(new SmcDSettings(true, "ism", 256 * 1024));
        assertThat(settings.linkGroup())
                .isEqualTo(new LinkGroupSettings(
                        Duration.ofSeconds(600), Duration.ofSeconds(610), Duration.ofSeconds(5), 1L << 30));
        assertThat(settings.close().drainTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.idle().strategy()).isEqualTo(IdleSettings.Strategy.ADAPTIVE);
    }

    @Test
    void shouldSwitchTheLinkTestOffWithZero() throws SettingsException {
        assertThat(settings("smc4j.llc.test-link-interval = 0").llc().testLinkInterval())
                .isEmpty();
    }

    @Test
    void shouldTakeAVersionWrittenAsANumberAndRefuseSmcDWithoutVersion2() throws SettingsException {
        assertThat(settings("smc4j.versions = 1").versions()).isEqualTo(VersionSetting.ONE);
        assertThat(settings("smc4j { versions = 2, transport = smc-d }").versions())
                .isEqualTo(VersionSetting.TWO);
        assertThat(refused("smc4j { versions = 1, transport = smc-d }").getMessage())
                .contains("smc4j.versions", "must allow version 2 for SMC-D");
    }

    @Test
    void shouldResolveSubstitutions() throws SettingsException {
        assertThat(settings("wanted = 3 s, smc4j.clc.timeout = ${wanted}").clc().timeout())
                .isEqualTo(Duration.ofSeconds(3));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> settings("smc4j.clc.timeout = ${nowhere}"))
                .withMessageContaining("nowhere");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            transport = infiniband                    | must be one of auto, smc-r, smc-d, tcp
            versions = 2.1                            | must be one of auto, 2, 1, both
            shared-memory-directory = shm             | must be an absolute path
            ueids = []                                | 1 to 4 different strings
            ueids = [A, B, C, D, E]                   | 1 to 4 different strings
            ueids = [A, A]                            | different
            ueids = [smc4j]                           | A-Z 0-9 . and -
            ueids = [.A]                              | the first a letter or digit
            ueids = [A23456789012345678901234567890123] | 1 to 32 characters
            host-name = "two words"                   | printable ASCII
            host-name = 123456789012345678901234567890123 | up to 32
            negotiation.strategy = option             | must be one of rendezvous, explicit, tcp-option
            negotiation.tcp-option.cgroup = a/b      | absolute path
            negotiation.recognition-timeout = 0 ms    | from 1 ms to 10 s
            clc.timeout = soon                        | must be a duration from 10 ms to 5 minutes
            clc.timeout = -6 s                        | must be a duration from 10 ms to 5 minutes
            clc.timeout = [1 s]                       | must be a duration
            llc.client-confirm-link-wait = 3999 ms    | must be at least twice smc4j.llc.wait (2 s)
            llc.test-link-interval = 1 ms             | must be 0 or a duration from 10 ms to 1 h
            smc-r.enabled = maybe                     | must be true or false
            smc-r.provider = " "                      | must not be blank
            smc-r.devices = [soft0, " "]              | a device name is not blank
            smc-r.ports = 9                           | from 1 to 8
            smc-r.ports = 1.5                         | must be a whole number
            smc-r.buffer-size = 100 KiB               | power of two, at most 512 KiB
            smc-r.buffer-size = 8 KiB                 | 16 KiB times a power of two
            smc-r.buffer-size = 1 MiB                 | at most 512 KiB
            smc-d.buffer-size = 128 MiB               | at most 64 MiB
            smc-r.max-links = 3                       | from 1 to 2
            smc-r.max-connections = 15                | from 16 to 255
            link-group.idle-timeout-client = 600 s    | must be longer than smc4j.link-group.idle-timeout-server (10 minutes)
            link-group.max-memory = 1 KiB             | from 1 MiB to 1 TiB
            close.drain-timeout = 11 minutes              | from 0 s to 10 minutes
            idle.strategy = busy                      | must be one of spin, yield, park, adaptive
            idle.max-park = 0 ms                      | from 1 ms to 10 s
            clc = 6 s                                 | must be a block of settings
            control-dispatcher = default              | must be a block of settings
            """)
    void shouldRefuseWrongValuesNamingKeyValueAndRule(String line, String rule) {
        SettingsException e = refused("smc4j." + line);
        String key = "smc4j." + line.substring(0, line.indexOf(" = "));
        assertThat(e.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(key);
            assertThat(problem.rule()).contains(rule);
            assertThat(problem.value()).isNotEmpty();
            assertThat(problem.remedy()).isNotEmpty();
        });
        assertThat(e).hasMessageContainingAll(key, rule);
    }

    @ParameterizedTest
    @CsvSource({
        "smc4j.transports = tcp, did you mean smc4j.transport?",
        "smc4j.clc.timeuot = 1 s, did you mean smc4j.clc.timeout?",
        "smc4j.buffer-size = 64 KiB, did you mean smc4j.smc-r.buffer-size?",
        "smc4j.linkgroup { }, did you mean smc4j.link-group?",
        "smc4j.smc-r.colour = red, reference.conf lists all keys",
        "smc4j.\"a.b\" = 1, reference.conf lists all keys",
    })
    void shouldRefuseUnknownKeysSuggestingTheNearest(String line, String remedy) {
        assertThat(refused(line).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo("is not a setting of smc4j");
            assertThat(problem.remedy()).contains(remedy);
        });
    }

    @Test
    void shouldLeaveDispatcherKeysToPekko() throws SettingsException {
        assertThat(settings("smc4j.control-dispatcher.anything = 1")).isNotNull();
    }

    @Test
    void shouldReportAllProblemsAtOnceWithFileAndLine() throws IOException {
        Path file = Files.createTempFile("smc4j", ".conf");
        try {
            Files.writeString(file, """
                    smc4j {
                      transport = x
                      smc-r.ports = 0
                      surprise = 1
                    }
                    """);
            SettingsException e = catchThrowableOfType(
                    SettingsException.class,
                    () -> SmcSettings.from(
                            ConfigFactory.parseFile(file.toFile()).withFallback(reference())));
            assertThat(e.problems())
                    .extracting(SettingsProblem::path)
                    .containsExactly("smc4j.transport", "smc4j.smc-r.ports", "smc4j.surprise");
            assertThat(e.problems())
                    .extracting(SettingsProblem::origin)
                    .containsExactly(file + ":2", file + ":3", file + ":4");
            assertThat(e).hasMessageContaining("3 problems");
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @CsvSource({"smc-r, smc-r", "smc-d, smc-d"})
    void shouldRefuseATransportThatIsDisabled(String transport, String block) {
        assertThat(refused("smc4j { transport = %s, %s.enabled = false }".formatted(transport, block))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).contains("smc4j." + block + ".enabled"));
    }

    @Test
    void shouldSayHowToGetDefaultsIfThereAreNone() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SmcSettings.from(ConfigFactory.empty()))
                .satisfies(e -> assertThat(e.problems()).hasSize(1))
                .withMessageContaining("ConfigFactory.load()");
    }

    static Stream<Path> examples() throws IOException {
        return Files.list(Path.of("examples"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldAcceptTheExampleDeployments(Path example) throws SettingsException {
        assertThat(SmcSettings.from(ConfigFactory.parseFile(
                                example.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                        .withFallback(reference())))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "SMC4J", "0.A-9", "A2345678901234567890123456789012"})
    void shouldAcceptEveryUeidThatLinuxAccepts(String ueid) throws SettingsException {
        assertThat(settings("smc4j.ueids = [\"" + ueid + "\"]").ueids()).containsExactly(ueid);
    }

    private static SettingsException refused(String text) {
        SettingsException e = catchThrowableOfType(SettingsException.class, () -> settings(text));
        assertThat(e).as(text).isNotNull();
        return e;
    }

    private static SmcSettings settings(String text) throws SettingsException {
        return SmcSettings.from(ConfigFactory.parseString(text).withFallback(reference()));
    }

    private static com.typesafe.config.Config reference() {
        return ConfigFactory.parseResources("reference.conf");
    }
}
