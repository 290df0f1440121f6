package io.smc4j.cli.transfer;

/** A request that is refused: the HTTP status, and the reason for the client and the log. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String reason) {
        super(reason);
        this.status = status;
    }

    Refusal(int status, String reason, Throwable cause) {
        super(reason, cause);
        this.status = status;
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
