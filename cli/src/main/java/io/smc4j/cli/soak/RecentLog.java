package io.smc4j.cli.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the last lines of the log for evidence, more of them than are printed. Thread-safe. */
final class RecentLog extends AppenderBase<ILoggingEvent> {
    private static final int MOST_LINES = 4000;

    private final Deque<String> lines = new ArrayDeque<>();

    /** Begins to keep what smc4j logs, without changing what is printed; knows nothing if another logging library is in use. */
    static RecentLog keep() {
        RecentLog log = new RecentLog();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            var own = context.getLogger("io.smc4j");
            if (root.getAppender("STDERR") instanceof Appender<ILoggingEvent> printed && !own.isDebugEnabled()) {
                ThresholdFilter threshold = new ThresholdFilter();
                threshold.setLevel(Level.WARN.toString());
                threshold.start();
                printed.addFilter(threshold);
            }
            own.setLevel(own.isDebugEnabled() ? Level.DEBUG : Level.INFO);
            log.setContext(context);
            log.start();
            root.addAppender(log);
        }
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = "%s %-5s [%s] %s %s"
                .formatted(
                        Instant.ofEpochMilli(event.getTimeStamp()),
                        event.getLevel(),
                        event.getThreadName(),
                        event.getLoggerName(),
                        event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line += System.lineSeparator() + ThrowableProxyUtil.asString(event.getThrowableProxy());
        }
        synchronized (lines) {
            lines.add(line);
            if (lines.size() > MOST_LINES) {
                lines.removeFirst();
            }
        }
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
