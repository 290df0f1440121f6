package io.smc4j.cli.failure;

/** Exit codes of the {@code smc4j} command. A signal ends it with 128 + its number, as the JVM does (Ctrl-C: 130). */
public final class ExitCode {
    public static final int OK = 0;
    /** It was asked for something sensible and did not succeed. */
    public static final int FAILURE = 1;
    /** Wrong arguments, input file or configuration. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
