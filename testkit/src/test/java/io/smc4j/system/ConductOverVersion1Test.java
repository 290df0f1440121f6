package io.smc4j.system;

import io.smc4j.TransportPreference;
import java.util.stream.Stream;

/** Connections behave the same over SMC-R version 1. */
class ConductOverVersion1Test extends ConductTest {
    @Override
    String settings() {
        return "smc4j.versions = 1";
    }

    @Override
    Stream<TransportPreference> transports() {
        return Stream.of(TransportPreference.SMC_R);
    }
}
