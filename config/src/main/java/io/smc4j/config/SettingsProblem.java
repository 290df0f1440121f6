package io.smc4j.config;

import java.io.Serializable;

/**
 * One setting that cannot be used.
 *
 * @param path the whole key, {@code smc4j.clc.timeout}
 * @param origin where its value was written, {@code /etc/app.conf:12}
 * @param value the value as it was found; empty if there is none
 * @param rule what the value must be
 * @param remedy what to do
 */
public record SettingsProblem(String path, String origin, String value, String rule, String remedy)
        implements Serializable {
    @Override
    public String toString() {
        String found = value.isEmpty() ? path : path + " = " + value;
        return found + " (" + origin + ") " + rule + ": " + remedy;
    }
}
