package io.smc4j.config;

/** What a UEID (user-defined enterprise id of SMC version 2) looks like; as Linux checks it. */
final class Ueids {
    static final String RULE = "a UEID is 1 to 32 characters of A-Z 0-9 . and -, the first a letter or digit";

    private Ueids() {}

    static boolean isValid(String ueid) {
        return ueid.matches("[A-Z0-9][A-Z0-9.-]{0,31}");
    }
}
