package io.smc4j.benchmarks.perf;

import java.util.List;

/** The command, but the children of Unix domain sockets die when they are to start. */
final class MisbehavingMain {
    private MisbehavingMain() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("uds")) {
            System.err.println("no sockets today");
            System.exit(9);
        }
        Main.main(arguments);
    }
}
