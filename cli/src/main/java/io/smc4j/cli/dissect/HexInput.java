package io.smc4j.cli.dissect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Messages given as hexadecimal text, with or without blanks, colons and a leading {@code 0x}. */
final class HexInput {
    private HexInput() {}

    /** @throws IllegalArgumentException if the text is no hexadecimal */
    static byte[] parse(String text) {
        String digits = text.replaceAll("[\\s:_-]", "").replaceFirst("^0[xX]", "");
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
            throw new IllegalArgumentException("'" + shown + "' is not hexadecimal: give pairs of digits 0-9 a-f", e);
        }
    }

    /**
     * One message a line; blank lines and those that begin with {@code #} are skipped, and of a line with other words before it
     * (such as a name and a length) only the last one counts.
     *
     * @throws IllegalArgumentException if a line is no hexadecimal
     */
    static List<byte[]> lines(Reader reader) throws IOException {
        List<byte[]> messages = new ArrayList<>();
        BufferedReader lines = new BufferedReader(reader);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            boolean onlyDigits = text.replaceFirst("^0[xX]", "").matches("[0-9a-fA-F\\s:_-]+");
            messages.add(parse(onlyDigits ? text : text.substring(text.lastIndexOf(' ') + 1)));
        }
        return messages;
    }
}
