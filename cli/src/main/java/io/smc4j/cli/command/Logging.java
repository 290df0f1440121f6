package io.smc4j.cli.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Turns the log of {@link LogConfigurator} (warnings, one line each) into that of {@code --debug}. */
public final class Logging {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{24} %msg%n";

    private Logging() {}

    /** From now on, in this process. */
    public static void debug() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            return; // somebody put another logging library on the class path: it has its own settings
        }
        context.getLogger("io.smc4j").setLevel(Level.DEBUG);
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        if (root.getAppender(LogConfigurator.APPENDER) instanceof ConsoleAppender<ILoggingEvent> console) {
            console.setEncoder(LogConfigurator.encoder(context, PATTERN));
        }
    }
}
