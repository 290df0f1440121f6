package io.smc4j.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key that somebody meant. */
final class NearestKey {
    private NearestKey() {}

    /** The known path that differs least from {@code unknown}, or one with the same last name elsewhere, if any is near enough. */
    static Optional<String> to(String unknown, Collection<String> known) {
        String name = lastName(unknown);
        int nearEnough = Math.max(2, name.length() / 3);
        Optional<String> similar = known.stream()
                .min(Comparator.comparingInt(path -> distance(unknown, path)))
                .filter(path -> distance(unknown, path) <= nearEnough);
        return similar.or(
                () -> known.stream().filter(path -> lastName(path).equals(name)).findFirst());
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Levenshtein distance: least number of characters to insert, remove or replace. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
