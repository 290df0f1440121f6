package io.smc4j.testkit.explore;

import java.util.List;

/** A promise was broken; the message is the shortest way from the beginning to it. */
public final class ExplorationFailed extends AssertionError {
    private static final long serialVersionUID = 1;

    /** The name of the promise if a step threw something that is no {@link BrokenPromise}. */
    public static final String NO_EXCEPTION = "NO_EXCEPTION";

    /** The name of the promise that {@link Model#ending} asks for. */
    public static final String COMES_TO_REST = "COMES_TO_REST";

    private final String promise;
    private final List<String> steps;

    ExplorationFailed(String promise, String message, List<String> steps, Throwable cause) {
        super(message, cause);
        this.promise = promise;
        this.steps = List.copyOf(steps);
    }

    /** The broken promise's name. */
    public String promise() {
        return promise;
    }

    /** The titles of the actions that lead to it. */
    public List<String> steps() {
        return steps;
    }
}
