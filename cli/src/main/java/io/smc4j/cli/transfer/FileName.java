package io.smc4j.cli.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The name of a file that a client wants to store: one path segment that stays inside the directory it is stored in.
 *
 * @param value as it will appear in the directory
 */
record FileName(String value) {
    /** What Linux file systems allow; the temporary name needs some of it. */
    private static final int LONGEST_BYTES = 200;

    /**
     * The name in a request target such as {@code /photo%201.jpg}.
     *
     * @throws Refusal if it is not one plain name
     */
    static FileName fromTarget(String target) throws Refusal {
        String path = target;
        if (!path.startsWith("/")) {
            throw new Refusal(400, "the request target '" + target + "' is not a path");
        }
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new Refusal(400, "the request target '" + target + "' has a query, which means nothing here");
        }
        return checked(decode(path.substring(1)));
    }

    /** The request target that stands for this name. */
    String toTarget() {
        StringBuilder target = new StringBuilder("/");
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (octet & 0xff);
            boolean plain = letter < 0x80 && (Character.isLetterOrDigit(letter) || "-._~".indexOf(letter) >= 0);
            if (plain) {
                target.append(letter);
            } else {
                target.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return target.toString();
    }

    /** @throws Refusal if {@code name} is not one plain name */
    static FileName checked(String name) throws Refusal {
        if (name.isEmpty()) {
            throw new Refusal(400, "the request names no file: PUT it to /NAME");
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw new Refusal(400, "the name '" + name + "' contains a path: only plain file names are stored");
        }
        if (name.startsWith(".")) {
            throw new Refusal(400, "the name '" + name + "' begins with a dot: hidden files are not stored");
        }
        if (name.codePoints().anyMatch(FileName::isControl)) {
            throw new Refusal(400, "the file name contains control characters");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new Refusal(400, "the file name is longer than " + LONGEST_BYTES + " bytes");
        }
        return new FileName(name);
    }

    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** Percent decoding, strictly: {@code +} stays, a broken escape or bytes that are not UTF-8 are refused. */
    private static String decode(String text) throws Refusal {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] != '%') {
                decoded.put(source[i]);
                continue;
            }
            if (i + 2 >= source.length
                    || !HexFormat.isHexDigit(source[i + 1])
                    || !HexFormat.isHexDigit(source[i + 2])) {
                throw new Refusal(400, "the request target has a broken % escape");
            }
            decoded.put((byte) (HexFormat.fromHexDigit(source[i + 1]) * 16 + HexFormat.fromHexDigit(source[i + 2])));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(400, "the file name is not UTF-8", e);
        }
    }
}
