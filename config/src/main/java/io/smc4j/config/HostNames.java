package io.smc4j.config;

/** What a host name looks like in a CLC first contact extension: 32 ASCII bytes, padded with blanks. */
final class HostNames {
    static final String RULE = "a host name is up to 32 printable ASCII characters without blanks";

    private HostNames() {}

    static boolean isValid(String name) {
        return name.matches("[!-~]{1,32}");
    }
}
