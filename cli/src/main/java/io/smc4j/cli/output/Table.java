package io.smc4j.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A plain-text table: columns as wide as they must be, two spaces between, a rule under the heading. */
public final class Table {
    /** Where the text stands in its column: words left, numbers right. */
    public enum Align {
        LEFT,
        RIGHT
    }

    private record Column(String heading, Align align) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    public Table column(String heading, Align align) {
        columns.add(new Column(heading, align));
        return this;
    }

    /** @throws IllegalArgumentException if there are not as many cells as columns */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
    }

    /** The lines, without trailing spaces. A heading may have several lines, separated by {@code \n}. */
    public List<String> lines() {
        int[] widths = widths();
        int headingLines = columns.stream()
                .mapToInt(column -> column.heading().split("\n", -1).length)
                .max()
                .orElse(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < headingLines; i++) {
            int line = i;
            lines.add(line(
                    columns.stream()
                            .map(c -> headingLine(c, line, headingLines))
                            .toList(),
                    widths));
        }
        lines.add("-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    @Override
    public String toString() {
        return String.join(System.lineSeparator(), lines());
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            for (String part : columns.get(i).heading().split("\n", -1)) {
                widths[i] = Math.max(widths[i], part.length());
            }
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    /** Headings stand on the rule: a short one has its empty lines above. */
    private static String headingLine(Column column, int line, int lines) {
        String[] parts = column.heading().split("\n", -1);
        int index = line - (lines - parts.length);
        return index < 0 ? "" : parts[index];
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - cell.length());
            text.append(i == 0 ? "" : "  ")
                    .append(columns.get(i).align() == Align.LEFT ? cell + padding : padding + cell);
        }
        return text.toString().stripTrailing();
    }
}
