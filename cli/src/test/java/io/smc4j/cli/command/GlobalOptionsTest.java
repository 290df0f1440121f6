package io.smc4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalOptionsTest {
    @Test
    void shouldReadTheArgumentsItMadeForAnotherProcess() {
        List<String> arguments = List.of(
                "--debug", "--config=" + Path.of("/tmp/a=b.conf"), "-Dsmc4j.idle.strategy=park", "-Dsmc4j.x=a=b,c");
        GlobalOptions options = GlobalOptions.ofArguments(arguments);
        assertThat(options.debug()).isTrue();
        assertThat(options.asArguments()).isEqualTo(arguments);
        assertThat(GlobalOptions.ofArguments(List.of()).asArguments()).isEmpty();
    }

    @Test
    void shouldRefuseAnyOtherArgument() {
        for (String argument : List.of("--json", "perf", "-D=1", "-Dx")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GlobalOptions.ofArguments(List.of(argument)))
                    .withMessageContaining(argument);
        }
    }
}
