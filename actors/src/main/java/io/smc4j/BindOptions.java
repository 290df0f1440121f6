package io.smc4j;

/**
 * How to listen.
 *
 * @param transport transports that accepted connections may use
 * @param backlog TCP accept backlog, and most connections handed out but not yet taken by the application
 */
public record BindOptions(TransportPreference transport, int backlog) {
    public BindOptions {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be at least 1, not " + backlog);
        }
    }

    /** Any transport, backlog 100. */
    public static BindOptions defaults() {
        return new BindOptions(TransportPreference.AUTO, 100);
    }

    public BindOptions withTransport(TransportPreference preference) {
        return new BindOptions(preference, backlog);
    }

    public BindOptions withBacklog(int connections) {
        return new BindOptions(transport, connections);
    }
}
