package io.smc4j.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.CliRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @Test
    void shouldNameEveryDeviceAndStrategyWithAReasonForWhatDoesNotWork() throws Exception {
        CliRun doctor = CliRun.of("doctor", "--json");
        assertThat(doctor.exitCode()).isZero();
        String json = doctor.out().getLast();
        for (String name :
                List.of("softrdma", "ism", "ibverbs", "disni", "rendezvous", "explicit", "tcp-option", "java")) {
            assertThat(json).contains("\"name\":\"" + name + "\"");
        }
        assertThat(doctor.json().flag("smcR")).isTrue();
        assertThat(doctor.json().flag("smcD")).isTrue();
    }

    @Test
    void shouldSayWhenSharedMemoryIsMissing(@TempDir Path directory) throws Exception {
        CliRun doctor = CliRun.of("doctor", "-Dsmc4j.shared-memory-directory=" + directory.resolve("none"));
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(String.join(" ", doctor.out()).replaceAll(" +", " "))
                .contains("is not a directory", "Only TCP is possible here.");
        assertThat(doctor.out()).allMatch(line -> line.length() <= 110);
    }
}
