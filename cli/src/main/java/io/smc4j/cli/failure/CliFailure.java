package io.smc4j.cli.failure;

import org.jspecify.annotations.Nullable;

/** Ends a command with an exit code and one line that says what happened, to what, why, and what to do. */
public final class CliFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CliFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Wrong arguments, input file or configuration: exit code {@link ExitCode#USAGE}. */
    public static CliFailure usage(String message) {
        return new CliFailure(ExitCode.USAGE, message, null);
    }

    /** As {@link #usage(String)}, with what led to it (shown by {@code --debug}). */
    public static CliFailure usage(String message, Throwable cause) {
        return new CliFailure(ExitCode.USAGE, message, cause);
    }

    /** It did not succeed: exit code {@link ExitCode#FAILURE}. */
    public static CliFailure failed(String message) {
        return new CliFailure(ExitCode.FAILURE, message, null);
    }

    /** As {@link #failed(String)}, with what led to it (shown by {@code --debug}). */
    public static CliFailure failed(String message, Throwable cause) {
        return new CliFailure(ExitCode.FAILURE, message, cause);
    }

    public int exitCode() {
        return exitCode;
    }
}
