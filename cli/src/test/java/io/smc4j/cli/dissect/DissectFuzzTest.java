package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Captures that are damaged anywhere are dissected as far as that goes: no exception, no hang. Replay with
 * {@code -Dsmc4j.test.seed}; {@code -Dsmc4j.fuzz.captures} says how many.
 */
class DissectFuzzTest {
    private static final int CAPTURES = Integer.getInteger("smc4j.fuzz.captures", 600);
    private static final List<String> NAMES = List.of("a", "k612_echo_close", "two_links_echo", "abort", "decline");
    private static final String[][] OPTIONS = {{"--json"}, {"-v"}, {"--summary"}, {"--json", "--summary"}, {"--check"}};

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void shouldStandAnyDamage() throws Exception {
        Long given = Long.getLong("smc4j.test.seed");
        long seed = given != null ? given : new SplittableRandom().nextLong();
        System.out.println("dissect fuzz: replay with -Dsmc4j.test.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CAPTURES; i++) {
            byte[] capture = Files.readAllBytes(Path.of(Dissected.file(NAMES.get(i % NAMES.size()) + ".pcap")));
            byte[] damaged = damage(capture, random);
            Dissected run = Dissected.capture(damaged, OPTIONS[i % OPTIONS.length]);
            assertThat(run.exitCode()).as("capture %d: %s", i, run.err()).isBetween(0, 2);
            assertThat(run.err()).as("capture %d", i).noneMatch(line -> line.contains("Exception"));
        }
    }

    private static byte[] damage(byte[] capture, SplittableRandom random) {
        byte[] bytes = capture.clone();
        int bites = 1 + random.nextInt(60);
        for (int i = 0; i < bites; i++) {
            int at = random.nextInt(8) == 0 ? random.nextInt(40) : random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
