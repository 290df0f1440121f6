package io.smc4j;

/** Which transports a connection may use. TCP always remains as the fallback. */
public enum TransportPreference {
    /** SMC-D where both ends share memory, else SMC-R, else TCP. */
    AUTO("auto"),
    /** SMC-R, else TCP. */
    SMC_R("smc-r"),
    /** SMC-D, else TCP. */
    SMC_D("smc-d"),
    /** Plain TCP: no negotiation at all. */
    TCP("tcp");

    private final String label;

    TransportPreference(String label) {
        this.label = label;
    }

    /** The name used on command lines and in the configuration. */
    public String label() {
        return label;
    }

    public boolean allowsSmcD() {
        return this == AUTO || this == SMC_D;
    }

    public boolean allowsSmcR() {
        return this == AUTO || this == SMC_R;
    }
}
