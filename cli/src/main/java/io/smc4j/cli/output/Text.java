package io.smc4j.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Running text for a terminal. */
public final class Text {
    /** What fits a terminal of 80 columns with room to spare. */
    public static final int COLUMNS = 78;

    private Text() {}

    /** Breaks at spaces; at least one line, those after the first are indented by two. */
    public static List<String> wrap(String start, String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(start);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > columns && !line.toString().isBlank()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder("  ");
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
