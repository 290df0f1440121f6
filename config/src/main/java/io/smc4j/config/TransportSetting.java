package io.smc4j.config;

/** Values of {@code smc4j.transport}. */
public enum TransportSetting {
    /** SMC-D where both ends share memory, else SMC-R, else TCP. */
    AUTO("auto"),
    /** SMC-R, else TCP. */
    SMC_R("smc-r"),
    /** SMC-D, else TCP. */
    SMC_D("smc-d"),
    /** Plain TCP: no negotiation at all. */
    TCP("tcp");

    private final String label;

    TransportSetting(String label) {
        this.label = label;
    }

    /** The value as written in the configuration. */
    public String label() {
        return label;
    }
}
