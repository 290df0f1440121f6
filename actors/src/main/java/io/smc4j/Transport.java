package io.smc4j;

/** What carries the bytes of a connection. */
public enum Transport {
    /** RDMA writes over a link group of queue pairs. */
    SMC_R("smc-r"),
    /** A buffer in memory that both ends map. */
    SMC_D("smc-d"),
    /** The TCP connection itself: the ends could not agree, or were told not to try. */
    TCP("tcp");

    private final String label;

    Transport(String label) {
        this.label = label;
    }

    /** The name used on command lines, in JSON and in tables. */
    public String label() {
        return label;
    }
}
