package io.smc4j.system;

import org.junit.jupiter.api.Test;

/** Links of version 1 die under load, and nothing is lost. */
class FailoverOverVersion1Test extends FailoverTest {
    @Override
    String settings() {
        return "smc4j.versions = 1";
    }

    /** Once is enough here. */
    @Override
    @Test
    void shouldLoseNothingWhenEachPortGoesDownAndUpUnderLoad() throws Exception {
        super.shouldLoseNothingWhenEachPortGoesDownAndUpUnderLoad();
    }
}
