package io.smc4j;

/** The materialized value of {@link Smc#outgoingConnection}. */
public interface OutgoingConnection {
    /** The connection as it is now. */
    ConnectionInfo info();
}
