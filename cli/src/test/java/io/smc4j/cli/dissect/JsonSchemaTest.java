package io.smc4j.cli.dissect;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The members that {@code --json} promises: where each is, and of which type. Programs rely on them. */
class JsonSchemaTest {
    private static final Predicate<Object> NUMBER =
            value -> value instanceof Integer || value instanceof Long || value instanceof Double;
    private static final Predicate<Object> COUNT = value -> value instanceof Number number && number.longValue() >= 0;
    private static final Predicate<Object> TEXT = value -> value instanceof String text && !text.isEmpty();
    private static final Predicate<Object> HEX =
            value -> value instanceof String text && text.matches("0x[0-9a-f]{1,16}");
    private static final Predicate<Object> CURSOR = value -> value instanceof Map<?, ?> map
            && map.keySet().equals(Set.of("wrap", "count"))
            && map.values().stream().allMatch(COUNT);

    private static final Map<String, Predicate<Object>> EVERYWHERE = Map.of(
            "frame", COUNT, "time", NUMBER, "epoch", NUMBER, "message", TEXT, "src", TEXT, "dst", TEXT, "length",
            COUNT);
    private static final Map<String, Predicate<Object>> TCP = Map.of("srcPort", COUNT, "dstPort", COUNT);
    private static final Map<String, Predicate<Object>> ROCE = Map.of("qp", COUNT, "psn", COUNT);
    private static final Map<String, Predicate<Object>> CDC = Map.ofEntries(
            entry("token", COUNT),
            entry("seq", COUNT),
            entry("producer", CURSOR),
            entry("consumer", CURSOR),
            entry(
                    "flags",
                    value -> value instanceof Map<?, ?> map
                            && map.keySet().equals(Set.of("producer", "state"))
                            && map.values().stream().allMatch(COUNT)),
            entry("flagNames", List.class::isInstance));
    private static final Map<String, Predicate<Object>> FLAGS = Map.of("flags", COUNT);
    private static final Map<String, Predicate<Object>> ENDPOINT =
            Map.of("qp", COUNT, "psn", COUNT, "token", COUNT, "rkey", COUNT, "vaddr", HEX);
    private static final Map<String, Predicate<Object>> TARGET = Map.of("rkey", COUNT, "vaddr", HEX);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "decline",
                "ipv6_decline",
                "server_link_failure",
                "older_group_two_links",
                "bulk_cut_off",
                "urgent",
                "group_deleted",
                "k612_echo_close"
            })
    void shouldHaveWhatIsPromised(String capture) {
        Dissected run = Dissected.run("--json", Dissected.file(capture + ".pcap"));
        for (Map<String, Object> message : run.objects()) {
            has(message, EVERYWHERE);
            switch (String.valueOf(message.get("layer"))) {
                case "tcp-option" -> has(message, TCP);
                case "clc" -> {
                    has(message, TCP);
                    has(message, FLAGS);
                    if (Set.of("ACCEPT", "CONFIRM").contains(message.get("message"))) {
                        has(message, ENDPOINT);
                    }
                }
                case "llc" -> {
                    has(message, ROCE);
                    has(message, FLAGS);
                    if (message.get("message").equals("CONFIRM_RKEY_V2")) {
                        has(message, TARGET);
                    }
                }
                case "cdc" -> {
                    has(message, ROCE);
                    has(message, CDC);
                }
                case "rdma" -> {
                    has(message, ROCE);
                    if (String.valueOf(message.get("message")).startsWith("WRITE")) {
                        has(message, TARGET);
                    }
                }
                default -> assertThat(message).as("layer").doesNotContainKey("layer");
            }
        }
    }

    private static void has(Map<String, Object> message, Map<String, Predicate<Object>> members) {
        assertThat(message).containsKeys(new TreeSet<>(members.keySet()).toArray(String[]::new));
        members.forEach((name, type) -> assertThat(type.test(message.get(name)))
                .as("%s in %s", name, message)
                .isTrue());
    }
}
