package io.smc4j.testkit.explore;

/** A promise of a model does not hold. Thrown by the model; the explorer adds how it came to that. */
public final class BrokenPromise extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String promise;

    /**
     * @param promise the promise's name, stable: tests assert on it
     * @param detail what is wrong, in which object
     */
    public BrokenPromise(String promise, String detail) {
        super(promise + ": " + detail);
        this.promise = promise;
    }

    public String promise() {
        return promise;
    }
}
