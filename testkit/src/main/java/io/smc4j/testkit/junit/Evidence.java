package io.smc4j.testkit.junit;

/** What was known of the nodes when a test failed: travels with the failure, as something suppressed. */
final class Evidence extends Exception {
    private static final long serialVersionUID = 1L;

    Evidence(String text) {
        super(text, null, false, false);
    }

    @Override
    public String toString() {
        return "evidence:\n" + getMessage();
    }
}
