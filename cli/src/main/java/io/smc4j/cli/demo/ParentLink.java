package io.smc4j.cli.demo;

import io.smc4j.cli.output.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * A demo process's line to the process that started it: events go up on standard output, one JSON object a line, and the end of
 * standard input means that the parent is gone, however it died.
 */
final class ParentLink {
    private static final long SECONDS_TO_CLEAN_UP = 5;

    private final PrintStream out;

    ParentLink(PrintStream out) {
        this.out = out;
    }

    /** Ends this JVM when the parent is gone. */
    void endWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // The parent sends nothing.
                }
            } catch (IOException _) {
                // As good as the end.
            }
            Thread.ofPlatform().daemon().name("parent-gone").start(() -> System.exit(1));
            haltLater();
        });
    }

    void send(Json event) {
        synchronized (out) {
            out.println(event);
            out.flush();
        }
    }

    /** Closing the node in order may hang on what is broken; the process ends all the same. */
    private static void haltLater() {
        try {
            TimeUnit.SECONDS.sleep(SECONDS_TO_CLEAN_UP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
