package io.smc4j.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that cannot be used: names every problem, where it was written, and what to do about it. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<SettingsProblem> problems;

    SettingsException(List<SettingsProblem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems found, at least one, in the order of the keys in {@code reference.conf}; unknown keys last. */
    public List<SettingsProblem> problems() {
        return problems;
    }

    private static String message(List<SettingsProblem> problems) {
        String header = problems.size() == 1
                ? "The settings have a problem: "
                : "The settings have " + problems.size() + " problems:\n  - ";
        return problems.stream().map(SettingsProblem::toString).collect(Collectors.joining("\n  - ", header, ""));
    }
}
