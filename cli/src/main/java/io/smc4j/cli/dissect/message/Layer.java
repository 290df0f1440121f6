package io.smc4j.cli.dissect.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The language that a message belongs to. */
public enum Layer {
    TCP_OPTION,
    CLC,
    LLC,
    CDC,
    RDMA;

    /** {@code tcp-option}, {@code clc}, ... */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The layer of a label, if there is one. */
    public static Optional<Layer> of(String label) {
        return Arrays.stream(values())
                .filter(layer -> layer.label().equals(label))
                .findFirst();
    }
}
