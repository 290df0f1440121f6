package io.smc4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogConfiguratorTest {
    private static final String OTHER = "logback.configurationFile";

    private final LoggerContext logs = new LoggerContext();
    private final LogConfigurator configurator = new LogConfigurator();

    @AfterEach
    void stop() {
        System.clearProperty(OTHER);
        logs.stop();
    }

    private Logger root() {
        return logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void shouldBeFoundByTheLoggingLibrary() {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(LogConfigurator.class);
    }

    @Test
    void shouldWriteWarningsOneLineEachToStandardError() {
        assertThat(configurator.configure(logs)).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(root().getLevel()).isEqualTo(Level.WARN);
        assertThat(root().getAppender(LogConfigurator.APPENDER))
                .isInstanceOfSatisfying(
                        ch.qos.logback.core.ConsoleAppender.class,
                        console -> assertThat(console.getTarget()).isEqualTo("System.err"));
        LoggingEvent event = new LoggingEvent(
                "", root(), Level.WARN, "{} is gone", new IllegalStateException("why"), new Object[] {"a link"});
        assertThat(new String(
                        LogConfigurator.encoder(logs, LogConfigurator.PATTERN).encode(event), StandardCharsets.UTF_8))
                .isEqualTo("smc4j: WARN  a link is gone" + System.lineSeparator());
    }

    @Test
    void shouldLeaveItToAFileThatTheUserNames() {
        System.setProperty(OTHER, "/etc/logging.xml");
        assertThat(configurator.configure(logs)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(root().iteratorForAppenders()).isExhausted();
    }
}
