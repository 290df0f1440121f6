package io.smc4j.benchmarks.perf.report;

/** A part of a text file that is made by a program: what stands between two markers, each a line of its own. */
public final class Marked {
    public static final String BEGIN = "<!-- perf:begin (made by smc4j perf, do not edit) -->";
    public static final String END = "<!-- perf:end -->";

    private Marked() {}

    /** The text with {@code made} between the markers. @throws IllegalArgumentException if it has no markers */
    public static String replace(String text, String made) {
        return text.substring(0, begin(text)) + "\n" + made + "\n" + text.substring(end(text));
    }

    /** What is between the markers. @throws IllegalArgumentException if there are none */
    public static String between(String text) {
        return text.substring(begin(text), end(text)).strip();
    }

    private static int begin(String text) {
        int at = text.indexOf(BEGIN);
        if (at < 0) {
            throw new IllegalArgumentException("there is no line '" + BEGIN + "'");
        }
        return at + BEGIN.length();
    }

    private static int end(String text) {
        int at = text.indexOf(END, begin(text));
        if (at < 0) {
            throw new IllegalArgumentException("there is no line '" + END + "' after the other marker");
        }
        return at;
    }
}
