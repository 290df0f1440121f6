package io.smc4j.testkit.process;

import org.jspecify.annotations.Nullable;

/** A child process did not do what the test needs; the message holds everything it said. */
public final class ChildFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    ChildFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
