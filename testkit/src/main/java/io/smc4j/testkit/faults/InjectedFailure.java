package io.smc4j.testkit.faults;

/** What an actor throws when a {@link FaultDirector} makes it fail. */
public final class InjectedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InjectedFailure(String message) {
        super(message);
    }
}
