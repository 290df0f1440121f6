package io.smc4j.cli.tcpoption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.cli.CliRun;
import io.smc4j.rdma.tcpoption.Capabilities;
import io.smc4j.rdma.tcpoption.OptionProbe;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnableTcpOptionTest {
    @Test
    void shouldSayWhetherItWorksHere() throws Exception {
        boolean works = OptionProbe.works();
        CliRun status = CliRun.of("enable-tcp-option", "--status");
        assertThat(status.exitCode()).isEqualTo(works ? 0 : 1);
        assertThat(String.join(" ", status.out())).contains(works ? "can carry" : "cannot carry");
    }

    @Test
    void shouldRefuseWhatIsNoControlGroup(@TempDir Path directory) throws Exception {
        CliRun enable = CliRun.of("enable-tcp-option", "--cgroup", directory.toString());
        assertThat(enable.exitCode()).isEqualTo(1);
        assertThat(String.join(" ", enable.err())).contains(directory + " is no version 2 control group");
    }

    @Test
    void shouldRefuseToDoTwoThingsAtOnce() throws Exception {
        assertThat(CliRun.of("enable-tcp-option", "--status", "--disable").exitCode())
                .isEqualTo(2);
    }

    @Test
    void shouldLeaveNothingAttachedIfItCannotBeKept(@TempDir Path directory) throws Exception {
        assumeTrue(Capabilities.missing().isEmpty(), "attaching takes " + Capabilities.missing());
        boolean before = OptionProbe.works();
        CliRun enable =
                CliRun.of("enable-tcp-option", "--pin", directory.resolve("pin").toString());
        assertThat(enable.exitCode()).isEqualTo(1);
        assertThat(String.join(" ", enable.err())).contains("cannot pin", "bpf file system");
        assertThat(OptionProbe.works()).isEqualTo(before);
    }

    @Test
    void shouldHaveNothingToDisableTwice(@TempDir Path directory) throws Exception {
        CliRun disable = CliRun.of(
                "enable-tcp-option",
                "--disable",
                "--pin",
                directory.resolve("none").toString());
        assertThat(disable.exitCode()).isZero();
        assertThat(String.join(" ", disable.out())).contains("Nothing was attached");
    }
}
