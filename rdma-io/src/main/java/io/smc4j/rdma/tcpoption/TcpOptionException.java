package io.smc4j.rdma.tcpoption;

/** The TCP option cannot be made to work here: says why, and what to do. */
public final class TcpOptionException extends Exception {
    private static final long serialVersionUID = 1L;

    TcpOptionException(String message) {
        super(message);
    }
}
