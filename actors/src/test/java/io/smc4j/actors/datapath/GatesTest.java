package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import org.junit.jupiter.api.Test;

class GatesTest {
    private final Gates gates = new Gates();

    @Test
    void shouldLetOneThreadInPerDirection() throws Exception {
        assertThat(gates.enter(Gates.READ)).isTrue();
        assertThat(gates.enter(Gates.WRITE)).isTrue();
        assertThatThrownBy(() -> gates.enter(Gates.READ))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("second thread reads");
        gates.leave(Gates.READ);
        assertThat(gates.enter(Gates.READ)).isTrue();
    }

    @Test
    void shouldBeQuietOnlyWhenClosedAndEverybodyIsOut() throws Exception {
        gates.enter(Gates.READ);
        gates.close(Gates.READ | Gates.WRITE);
        assertThat(gates.isQuiet()).isFalse();
        assertThat(gates.enter(Gates.WRITE)).isFalse();
        gates.leave(Gates.READ);
        assertThat(gates.isQuiet()).isTrue();
    }

    @Test
    void shouldPublishFlagsByTheLastOneOut() throws Exception {
        gates.enter(Gates.READ);
        gates.enter(Gates.WRITE);
        assertThat(gates.want(0x40, true)).isZero();
        assertThat(gates.leave(Gates.WRITE)).isZero();
        assertThat(gates.leave(Gates.READ)).isEqualTo(0x40);
        assertThat(gates.isQuiet()).as("while publishing").isFalse();
        assertThat(gates.want(0x20, true)).as("somebody is publishing").isZero();
        assertThat(gates.published(0x40)).isEqualTo(0x60);
        assertThat(gates.published(0x60)).isZero();
        assertThat(gates.isQuiet()).isTrue();
    }

    @Test
    void shouldNotWaitForTheReaderToSayThatWritingIsDone() throws Exception {
        gates.enter(Gates.READ);
        assertThat(gates.want(0x80, false)).isEqualTo(0x80);
        assertThat(gates.published(0x80)).isZero();
        assertThat(gates.leave(Gates.READ)).isZero();
        assertThat(gates.enter(Gates.READ)).isTrue();
        assertThat(gates.enter(Gates.WRITE)).isFalse();
    }
}
