package io.smc4j.cli.failure;

import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Turns an exception into the words after "because" of a one-line error. */
public final class Why {
    private static final int LONGEST = 1000;

    private Why() {}

    /** The reason in one line; the JDK's bare path messages get words. */
    public static String of(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        return oneLine(
                switch (cause) {
                    case NoSuchFileException _ -> "there is no such file or directory";
                    case AccessDeniedException _ -> "permission denied";
                    case FileAlreadyExistsException _ -> "it exists already";
                    case NotDirectoryException _ -> "it is not a directory";
                    case FileSystemException failure -> orElse(failure.getReason(), failure);
                    case UnknownHostException failure -> "unknown host " + failure.getMessage();
                    case ClosedChannelException _ -> "the connection is closed";
                    default -> orElse(cause.getMessage(), cause);
                });
    }

    /** Strips the wrappers that futures put around the real exception. */
    public static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown;
        while (inner instanceof CompletionException || inner instanceof ExecutionException) {
            Throwable cause = inner.getCause();
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /** The text with line breaks and control characters replaced: what a peer or a library said must not break the line. */
    public static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private static String orElse(@Nullable String message, Throwable cause) {
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
