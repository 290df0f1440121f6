package io.smc4j.cli.dissect.report;

/**
 * Writes one JSON value into a buffer, without building a tree of it first: a capture has millions of messages. Not thread-safe.
 */
public final class JsonWriter {
    private final StringBuilder out;
    private boolean first = true;

    public JsonWriter(StringBuilder out) {
        this.out = out;
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    private JsonWriter begin(char bracket) {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    private JsonWriter end(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    /** The name of the value that is written next. */
    public JsonWriter name(String name) {
        separate();
        out.append('"').append(name).append("\":");
        first = true;
        return this;
    }

    public JsonWriter value(long number) {
        separate();
        out.append(number);
        return this;
    }

    public JsonWriter value(boolean flag) {
        separate();
        out.append(flag);
        return this;
    }

    public JsonWriter value(String text) {
        separate();
        quote(text);
        return this;
    }

    /** A number with nine decimals: seconds of nanoseconds. */
    public JsonWriter seconds(long nanos) {
        separate();
        Numbers.exactSeconds(out, nanos);
        return this;
    }

    public JsonWriter field(String name, long number) {
        return name(name).value(number);
    }

    /** An unsigned 32-bit number. */
    public JsonWriter unsigned(String name, int number) {
        return name(name).value(Integer.toUnsignedLong(number));
    }

    public JsonWriter field(String name, boolean flag) {
        return name(name).value(flag);
    }

    public JsonWriter field(String name, String text) {
        return name(name).value(text);
    }

    /** A 64-bit number as hexadecimal text: JSON readers keep only 53 bits of a number. */
    public JsonWriter hex(String name, long number) {
        separate();
        out.append('"')
                .append(name)
                .append("\":\"0x")
                .append(Long.toHexString(number))
                .append('"');
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7F) {
                out.append("\\u");
                String hex = Integer.toHexString(c);
                out.append("0".repeat(4 - hex.length())).append(hex);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
