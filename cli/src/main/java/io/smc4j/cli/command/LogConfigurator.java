package io.smc4j.cli.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The command's log: warnings, one line each, on standard error, for standard output carries results only. {@link Logging} turns it into
 * that of {@code --debug}. In code, because to read it from XML takes a command a tenth of a second more to start; a file that the
 * system property {@code logback.configurationFile} names is read all the same.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    static final String APPENDER = "STDERR";
    static final String PATTERN = "smc4j: %-5level %msg%n%nopex";
    private static final String OTHER_CONFIGURATION = "logback.configurationFile";

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        if (System.getProperty(OTHER_CONFIGURATION) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(logs);
        console.setName(APPENDER);
        console.setTarget("System.err");
        console.setEncoder(encoder(logs, PATTERN));
        console.start();
        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static PatternLayoutEncoder encoder(LoggerContext logs, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logs);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
