package io.smc4j.protocol.lifecycle.connection;

/** Why a connection ended: one reason per connection. An abort outranks an orderly close; among aborts the first one counts. */
public sealed interface EndReason {

    /** Both ends closed in order, and everything received was read here. */
    record ClosedOrderly(Closer closer) implements EndReason {}

    /** The peer sent A: it closed with unread data, or its end failed. */
    record AbortedByPeer() implements EndReason {}

    /** This end aborted. */
    record AbortedLocally(AbortCause cause) implements EndReason {}

    /** The handshake failed, so the connection never was (its TCP connection may live on as a fallback). */
    record HandshakeFailed() implements EndReason {}

    /** Who began an orderly close, as seen from here. */
    enum Closer {
        /** We closed before the peer had sent D or C. */
        US,
        /** The peer's C came before we had shut down or closed anything. */
        PEER,
        /** Each end stopped on its own account. */
        BOTH
    }
}
