package io.smc4j.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One block of settings: reads typed values and checks their range. A value that is wrong or missing becomes a problem of the
 * {@link SettingsReader}, and the caller gets a stand-in that never leaves {@link SmcSettings#from}.
 */
final class SettingsBlock {
    static final int LARGEST_SMC_R_BUFFER = 512 * 1024;
    static final int LARGEST_SMC_D_BUFFER = 64 * 1024 * 1024;
    private static final int SMALLEST_BUFFER = 16 * 1024;

    private final SettingsReader reader;
    private final String path;
    private final boolean present;

    /** @param present whether there is such a block; without it, its values are stand-ins and no further problems */
    SettingsBlock(SettingsReader reader, String path, boolean present) {
        this.reader = reader;
        this.path = path;
        this.present = present;
    }

    SettingsBlock block(String name) {
        return reader.block(path(name), present);
    }

    /** A block whose keys are another library's. */
    void foreign(String name) {
        reader.foreignBlock(path(name), present);
    }

    boolean sound() {
        return reader.sound();
    }

    Duration duration(String name, Duration least, Duration most) {
        String rule = "must be a duration from " + Units.text(least) + " to " + Units.text(most);
        return value(
                        name,
                        Config::getDuration,
                        d -> within(d, least, most),
                        rule,
                        "write for example " + Units.text(least))
                .orElse(least);
    }

    /** A duration in the range, or zero, which comes out as empty. */
    Optional<Duration> durationOrOff(String name, Duration least, Duration most) {
        String rule = "must be 0 or a duration from " + Units.text(least) + " to " + Units.text(most);
        return value(
                        name,
                        Config::getDuration,
                        d -> d.isZero() || within(d, least, most),
                        rule,
                        "write 0 to switch it off, or for example " + Units.text(least))
                .filter(duration -> !duration.isZero());
    }

    int integer(String name, int least, int most) {
        String rule = "must be a whole number from " + least + " to " + most;
        return value(
                        name,
                        SettingsBlock::wholeNumber,
                        n -> n >= least && n <= most,
                        rule,
                        "choose a number in that range")
                .orElse(least);
    }

    long bytes(String name, long least, long most) {
        String rule = "must be a size from " + Units.text(least) + " to " + Units.text(most);
        return value(
                        name,
                        Config::getBytes,
                        n -> n >= least && n <= most,
                        rule,
                        "write for example " + Units.text(least))
                .orElse(least);
    }

    /** A buffer size that the 4-bit wire code can express: 16 KiB times a power of two. */
    int sizeClass(String name, int most) {
        String rule = "must be 16 KiB times a power of two, at most " + Units.text(most);
        Predicate<Long> fits = n -> n >= SMALLEST_BUFFER && n <= most && Long.bitCount(n) == 1;
        return value(name, Config::getBytes, fits, rule, "write for example 256 KiB")
                .map(Long::intValue)
                .orElse(SMALLEST_BUFFER);
    }

    boolean flag(String name) {
        return value(name, Config::getBoolean, b -> true, "must be true or false", "write true or false")
                .orElse(false);
    }

    String string(String name) {
        return value(name, Config::getString, s -> !s.isBlank(), "must not be blank", "write a name")
                .orElse("");
    }

    /** A string that is right by {@code valid}, or blank, which comes out as empty. */
    Optional<String> optionalString(String name, Predicate<String> valid, String rule) {
        return value(
                        name,
                        Config::getString,
                        s -> s.isBlank() || valid.test(s),
                        "is wrong, " + rule,
                        "correct it or leave it empty")
                .filter(text -> !text.isBlank());
    }

    /** Different strings, each right by {@code valid}. */
    List<String> strings(String name, int least, int most, Predicate<String> valid, String rule) {
        String whole = "must be a list of %d to %d different strings, and %s".formatted(least, most, rule);
        Predicate<List<String>> check = list -> list.size() >= least
                && list.size() <= most
                && new HashSet<>(list).size() == list.size()
                && list.stream().allMatch(valid);
        return value(name, Config::getStringList, check, whole, "correct the list")
                .orElse(List.of());
    }

    Path absolutePath(String name) {
        return value(
                        name,
                        Config::getString,
                        SettingsBlock::isAbsolute,
                        "must be an absolute path",
                        "write for example /dev/shm")
                .map(Path::of)
                .orElse(Path.of("/"));
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, Function<E, String> label) {
        E[] values = type.getEnumConstants();
        String labels = Arrays.stream(values).map(label).collect(Collectors.joining(", "));
        Predicate<String> known =
                text -> Arrays.stream(values).anyMatch(v -> label.apply(v).equals(text));
        return value(name, Config::getString, known, "must be one of " + labels, "choose one of them")
                .flatMap(text -> Arrays.stream(values)
                        .filter(v -> label.apply(v).equals(text))
                        .findFirst())
                .orElse(values[0]);
    }

    /** Adds a problem with a value that was read. */
    void problem(String name, String rule, String remedy) {
        Optional<ConfigValue> value = reader.value(path(name));
        reader.add(new SettingsProblem(
                path(name),
                value.map(v -> SettingsReader.describe(v.origin())).orElse("nowhere"),
                value.map(SettingsReader::render).orElse(""),
                rule,
                remedy));
    }

    private <T> Optional<T> value(
            String name, BiFunction<Config, String, T> getter, Predicate<T> valid, String rule, String remedy) {
        if (reader.value(path(name)).isEmpty()) {
            if (present) {
                reader.add(SettingsReader.missing(path(name)));
            }
            return Optional.empty();
        }
        try {
            T value = getter.apply(reader.config(), path(name));
            if (valid.test(value)) {
                return Optional.of(value);
            }
        } catch (ConfigException e) {
            // the wrong type or unit: the rule below says what it must be
        }
        problem(name, rule, remedy);
        return Optional.empty();
    }

    private static int wholeNumber(Config config, String path) {
        double number = config.getDouble(path);
        return number == Math.rint(number) ? config.getInt(path) : Integer.MIN_VALUE; // getInt would cut 1.5 to 1
    }

    private String path(String name) {
        return path + "." + name;
    }

    private static boolean within(Duration duration, Duration least, Duration most) {
        return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0;
    }

    private static boolean isAbsolute(String text) {
        try {
            return Path.of(text).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
