package io.smc4j.protocol.internal;

import io.smc4j.protocol.WireField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Collects the fields of a message from its start to its end; each is appended behind the one before. Not thread-safe. */
public final class FieldList {
    private final WireReader in;
    private final List<WireField> fields = new ArrayList<>();
    private int next;

    public FieldList(WireReader in) {
        this.in = in;
    }

    /** A field of a value that the caller words. */
    public FieldList add(int length, String name, String value) {
        fields.add(new WireField(next, length, name, value));
        next += length;
        return this;
    }

    /** An unsigned number in decimal. */
    public FieldList number(int length, String name) {
        return add(length, name, Long.toUnsignedString(value(length)));
    }

    /** A number in hexadecimal. */
    public FieldList hex(int length, String name) {
        return add(length, name, "0x" + HexFormat.of().toHexDigits(value(length), 2 * length));
    }

    public FieldList gid(String name) {
        return add(16, name, in.gid(next).toString());
    }

    public FieldList mac(String name) {
        return add(6, name, in.mac(next).toString());
    }

    /** Text padded with blanks. */
    public FieldList text(int length, String name) {
        return add(length, name, "'" + in.text(next, length).replaceFirst(" +$", "") + "'");
    }

    /** Bytes that a receiver ignores; nothing if there are none. */
    public FieldList reserved(int length) {
        return unused(length, "reserved");
    }

    /** Bytes that mean nothing in this message; nothing if there are none. */
    public FieldList unused(int length, String name) {
        if (length == 0) {
            return this;
        }
        return add(
                length, name, in.isZero(next, length) ? "zero" : HexFormat.of().formatHex(in.bytes(next, length)));
    }

    /** The byte at the place of the next field. */
    public int peekU8() {
        return in.u8(next);
    }

    /** Where the next field begins. */
    public int next() {
        return next;
    }

    /** The fields so far. */
    public List<WireField> toList() {
        return List.copyOf(fields);
    }

    private long value(int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | in.u8(next + i);
        }
        return value;
    }
}
