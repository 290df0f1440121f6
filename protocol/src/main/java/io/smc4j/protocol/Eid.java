package io.smc4j.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An enterprise id: the name that two hosts must share before they speak SMC version 2.
 *
 * <p>On the wire 32 ASCII bytes, padded with blanks. One to 32 characters of {@code A-Z 0-9 . -}, the first a letter or digit;
 * the rule holds for ids that users choose (UEID) and for those that ISM hardware delivers (SEID) alike.
 *
 * @param value the id without its padding
 */
public record Eid(String value) {
    /** Bytes on the wire. */
    public static final int BYTES = 32;

    /** What an id must look like, in words for errors. */
    public static final String RULE =
            "an EID is 1 to 32 characters of A-Z 0-9 '.' '-', the first a letter or digit, padded with blanks";

    /** @throws IllegalArgumentException if the value breaks {@link #RULE} */
    public Eid {
        if (!isValid(value)) {
            throw new IllegalArgumentException("'" + value + "' is no enterprise id: " + RULE);
        }
    }

    /** The id in a 32-byte wire field given as Latin-1 text, or empty if the field holds none. */
    public static Optional<Eid> ofWireText(String field) {
        String value = withoutPadding(field);
        return field.length() == BYTES && isValid(value) ? Optional.of(new Eid(value)) : Optional.empty();
    }

    private static String withoutPadding(String field) {
        int end = field.length();
        while (end > 0 && field.charAt(end - 1) == ' ') {
            end--;
        }
        return field.substring(0, end);
    }

    /** The 32 bytes of the wire field. */
    public byte[] toBytes() {
        return (value + " ".repeat(BYTES - value.length())).getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > BYTES || !isLetterOrDigit(value.charAt(0))) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return value;
    }
}
