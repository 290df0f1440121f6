package io.smc4j.cli.soak;

import io.smc4j.SmcException;
import io.smc4j.cli.failure.Why;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What exceptions say, as words that can be counted: without addresses and numbers. */
final class Reasons {
    /** What an end says that only knows that the other one did it. */
    static final String BY_PEER = "the peer aborted it";

    private static final Pattern BECAUSE = Pattern.compile("was aborted because (.*?)(: bytes in flight.*)?$");
    private static final Pattern ADDRESS = Pattern.compile("(localhost)?/?\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?");
    private static final Pattern DETAIL = Pattern.compile("\\(.*\\)");
    private static final Pattern NUMBER = Pattern.compile("\\b(0x)?[0-9a-f]*\\d[0-9a-f]*\\b");
    private static final int LONGEST = 160;

    private Reasons() {}

    /** The whole reason, in one line. */
    static String of(Throwable thrown) {
        Throwable cause = Why.unwrap(thrown);
        String category =
                cause instanceof SmcException smc ? "" : cause.getClass().getSimpleName() + ": ";
        return category + Why.of(cause);
    }

    /** The part that says why, to count by. */
    static String brief(String reason) {
        Matcher because = BECAUSE.matcher(reason);
        String text = because.find() ? because.group(1) : reason;
        text = ADDRESS.matcher(text).replaceAll("<address>");
        text = DETAIL.matcher(text).replaceAll("");
        text = NUMBER.matcher(text).replaceAll("N").strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** Whether it only says that the other end did it. */
    static boolean blamesPeer(String reason) {
        return reason.contains(BY_PEER);
    }
}
