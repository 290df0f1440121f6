package io.smc4j.actors.tcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The ports that this network namespace gives to sockets that name none, less the reserved ones.
 *
 * <p>A socket that is bound before it connects can have the kernel look for a port, but the kernel looks at one after the other: with
 * half of them in TIME-WAIT, as they are after some 12,000 connections within a minute, that takes milliseconds. Guessing takes two
 * attempts then. Thread-safe if the generator is.
 */
public final class EphemeralPorts {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Path RESERVED = Path.of("/proc/sys/net/ipv4/ip_local_reserved_ports");
    private static final int MOST = 0xFFFF;

    private final int[] ports;
    private final RandomGenerator random;

    private EphemeralPorts(int[] ports, RandomGenerator random) {
        this.ports = ports;
        this.random = random;
    }

    /** Those of this process; none where they cannot be read. @param random may be asked by any thread */
    public static EphemeralPorts ofThisHost(RandomGenerator random) {
        try {
            return of(line(RANGE), line(RESERVED), random);
        } catch (IOException | RuntimeException e) {
            return new EphemeralPorts(new int[0], random); // no /proc, or another kernel's: the kernel chooses then
        }
    }

    /** The kernel gives these files to the first read only, however little it asks for: so no {@code Files.readString}. */
    private static String line(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return Objects.requireNonNullElse(reader.readLine(), "");
        }
    }

    /**
     * By what the kernel shows.
     *
     * @param range first and last port, for example {@code 32768 60999}
     * @param reserved ports and ranges, for example {@code 40000,50000-50010}, or nothing
     * @throws IllegalArgumentException if that is not what they are
     */
    static EphemeralPorts of(String range, String reserved, RandomGenerator random) {
        String[] ends = range.strip().split("\\s+");
        if (ends.length != 2) {
            throw new IllegalArgumentException("not a range of ports: " + range);
        }
        BitSet found = new BitSet();
        set(found, ends[0], ends[1], true);
        for (String part : reserved.strip().split(",")) {
            if (!part.isBlank()) {
                String[] of = part.strip().split("-");
                set(found, of[0], of[of.length - 1], false);
            }
        }
        return new EphemeralPorts(found.stream().toArray(), random);
    }

    private static void set(BitSet ports, String first, String last, boolean value) {
        int from = Integer.parseInt(first);
        int to = Integer.parseInt(last);
        if (from < 0 || to > MOST || from > to) {
            throw new IllegalArgumentException("not a range of ports: " + first + " to " + last);
        }
        ports.set(Math.max(1, from), to + 1, value);
    }

    /** One of them, which may be in use; empty if there are none. */
    OptionalInt any() {
        return ports.length == 0 ? OptionalInt.empty() : OptionalInt.of(ports[random.nextInt(ports.length)]);
    }
}
