package io.smc4j.cli.soak;

import io.smc4j.cli.output.Json;
import java.util.Locale;

/**
 * How one end of a connection ended.
 *
 * @param id the connection; negative if the acceptor never learned it
 * @param initiator which end
 * @param transport what carried the bytes, as {@link io.smc4j.Transport} is labelled; empty if there was no connection
 * @param result in a word
 * @param reason why, if it was not orderly
 * @param read bytes that arrived here and were right
 * @param written bytes accepted from here
 * @param failovers how often it moved to another link
 * @param lost bytes that did not arrive although the stream went on or ended in order
 * @param repeated bytes that arrived more than once, or where they do not belong
 * @param fallback why it used TCP; empty if it did not
 */
record EndReport(
        long id,
        boolean initiator,
        String transport,
        Result result,
        String reason,
        long read,
        long written,
        int failovers,
        long lost,
        long repeated,
        String fallback) {
    /** In a word. */
    enum Result {
        /** Everything arrived, and both ends closed. */
        ORDERLY,
        /** This end aborted it, because that was the plan. */
        PLANNED,
        /** It was aborted, for the reason given. */
        ABORTED,
        /** It was never opened: {@code connect} failed. */
        REFUSED,
        /** It was accepted, and ended before it said which one it is. */
        NAMELESS,
        /** It broke a promise of the API. */
        WRONG,
        /** It stood still for too long and was given up. */
        HUNG
    }

    /** Of an end that never carried a byte. */
    static EndReport without(long id, boolean initiator, String transport, Result result, String reason) {
        return new EndReport(id, initiator, transport, result, reason, 0, 0, 0, 0, 0, "");
    }

    Json json() {
        return Json.object()
                .put("event", "end")
                .put("id", id)
                .put("initiator", initiator)
                .put("transport", transport)
                .put("result", result.name().toLowerCase(Locale.ROOT))
                .put("reason", reason)
                .put("read", read)
                .put("written", written)
                .put("failovers", failovers)
                .put("lost", lost)
                .put("repeated", repeated)
                .put("fallback", fallback);
    }

    static EndReport of(Json json) {
        return new EndReport(
                number(json, "id"),
                json.flag("initiator"),
                json.text("transport").orElse(""),
                Result.valueOf(json.text("result").orElse("wrong").toUpperCase(Locale.ROOT)),
                json.text("reason").orElse(""),
                number(json, "read"),
                number(json, "written"),
                (int) number(json, "failovers"),
                number(json, "lost"),
                number(json, "repeated"),
                json.text("fallback").orElse(""));
    }

    private static long number(Json json, String name) {
        return json.number(name).map(Number::longValue).orElse(0L);
    }
}
