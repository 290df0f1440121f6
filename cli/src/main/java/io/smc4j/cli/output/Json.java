package io.smc4j.cli.output;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One JSON object, member by member, printed on one line. Null members are printed as null. */
public final class Json {
    private static final JSON MAPPER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    private Json() {}

    public static Json object() {
        return new Json();
    }

    /** With a member for each entry. */
    public static Json object(Map<String, ?> entries) {
        Json json = new Json();
        entries.forEach(json::put);
        return json;
    }

    /** @param value text, number, boolean, null, {@link Json}, {@link Optional}, or a list of these */
    public Json put(String name, @Nullable Object value) {
        members.put(name, plain(value));
        return this;
    }

    /** The object as a map, for nesting. */
    public Map<String, @Nullable Object> asMap() {
        return members;
    }

    @Override
    public String toString() {
        try {
            return MAPPER.asString(members);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write JSON of " + members.keySet(), e);
        }
    }

    /** Parses one object. @throws IllegalArgumentException if the text is something else */
    public static Json parse(String text) {
        try {
            Json json = new Json();
            JSON.std.mapFrom(text).forEach(json.members::put);
            return json;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The member as text; empty if it is missing, null or something else. */
    public Optional<String> text(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The member as numbers by name; empty if it is missing, null or something else. */
    public Map<String, Long> numbers(String name) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        if (members.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Number number) {
                    numbers.put(String.valueOf(key), number.longValue());
                }
            });
        }
        return numbers;
    }

    /** Whether the member is there and true. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    /** The member as a number; empty if it is missing, null or something else. */
    public Optional<Number> number(String name) {
        return members.get(name) instanceof Number number ? Optional.of(number) : Optional.empty();
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Json json -> json.asMap();
            case Optional<?> optional -> plain(optional.orElse(null));
            case Iterable<?> items -> {
                List<@Nullable Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            default -> value;
        };
    }
}
