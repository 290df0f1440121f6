package io.smc4j.cli.doctor;

import io.smc4j.cli.output.Json;

/**
 * One thing that was looked at.
 *
 * @param kind {@code platform}, {@code transport} device or {@code negotiation} strategy
 * @param name its name in the configuration, or a word for a person
 * @param ok whether it works here
 * @param detail what was found, or what is missing
 * @param advice what to do about it; empty if nothing
 */
record Finding(Kind kind, String name, boolean ok, String detail, String advice) {
    /** What kind of thing. */
    enum Kind {
        PLATFORM("platform"),
        SMC_R_DEVICE("smc-r device"),
        SMC_D_DEVICE("smc-d device"),
        NEGOTIATION("negotiation");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static Finding works(Kind kind, String name, String detail) {
        return new Finding(kind, name, true, detail, "");
    }

    static Finding fails(Kind kind, String name, String detail, String advice) {
        return new Finding(kind, name, false, detail, advice);
    }

    Json json() {
        return Json.object()
                .put("kind", kind.label())
                .put("name", name)
                .put("ok", ok)
                .put("detail", detail)
                .put("advice", advice.isEmpty() ? null : advice);
    }
}
