package io.smc4j.actors.link;

import io.smc4j.actors.queue.OwnedLink;
import io.smc4j.protocol.llc.LlcMessage;

/** What a Link actor tells its link group. Number and incarnation say which link it was: a stale report finds none. */
public sealed interface LinkReport {
    int number();

    int incarnation();

    /** The queue pair exists (client: and knows its peer). @param local our end, to be told to the peer */
    record Prepared(int number, int incarnation, OwnedLink link, LinkAddress local) implements LinkReport {}

    /** The queue pair is RTS. */
    record Ready(int number, int incarnation) implements LinkReport {}

    /** The link failed. @param detail why, for logs and people */
    record Down(int number, int incarnation, String detail) implements LinkReport {}

    /** An LLC message arrived; TEST LINK is answered by the link itself and not reported. */
    record Received(int number, int incarnation, LlcMessage message) implements LinkReport {}

    /** The link freed everything and stops; {@code clean} is false if its queue pair could not be flushed in time. */
    record Cleared(int number, int incarnation, boolean clean) implements LinkReport {}
}
