package io.smc4j.config;

/** Values of {@code smc4j.versions}. */
public enum VersionSetting {
    /** Version 2, and version 1 over ports that have a RoCE v1 address. */
    AUTO("auto"),
    /** Version 2 only. */
    TWO("2"),
    /** Version 1 only, over every SMC-R device. */
    ONE("1"),
    /** Version 2 first, then version 1, over every SMC-R device. */
    BOTH("both");

    private final String label;

    VersionSetting(String label) {
        this.label = label;
    }

    /** The value as written in the configuration. */
    public String label() {
        return label;
    }

    /** Whether version 2 is spoken. */
    public boolean allowsVersion2() {
        return this != ONE;
    }

    /** Whether version 1 is spoken where a port has a RoCE v1 address. */
    public boolean allowsVersion1() {
        return this != TWO;
    }

    /** Whether version 1 is spoken over software devices too, whose addresses are of no RoCE version. */
    public boolean allowsVersion1InSoftware() {
        return this == ONE || this == BOTH;
    }
}
