package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Place;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What was heard of queue pairs before, or without, a handshake that tells whose they are. Bounded. */
final class Strangers {
    private static final int MOST = 1_000;

    /** A message whose link was not known then. */
    record Heard(Place place, LlcMessage message) {}

    private final Map<QueuePairKey, LinkRecord.Traffic> traffic = new LinkedHashMap<>();
    private List<Heard> messages = new ArrayList<>();

    /** Where to count what goes there; empty if there are too many. */
    Optional<LinkRecord.Traffic> traffic(QueuePairKey key) {
        return traffic.size() >= MOST
                ? Optional.ofNullable(traffic.get(key))
                : Optional.of(traffic.computeIfAbsent(key, _ -> new LinkRecord.Traffic()));
    }

    void llc(LlcMessage message, Place place) {
        if (messages.size() < MOST) {
            messages.add(new Heard(place, message));
        }
        traffic(QueuePairKey.of(place)).ifPresent(known -> {
            known.fromServer |=
                    !message.response() && (message instanceof LlcConfirmLink || message instanceof LlcAddLink);
        });
    }

    /** Hands out the messages, in their order, that somebody knows the link of by now. */
    void replay(Predicate<Heard> known) {
        List<Heard> all = messages;
        messages = new ArrayList<>();
        all.stream().filter(known.negate()).forEach(messages::add);
    }

    /** What a message says about links other than its own. */
    static void learn(LlcMessage message, LinkRecord.Traffic traffic) {
        if (message instanceof LlcConfirmRkey confirm) {
            confirm.additional().forEach(rtoken -> traffic.otherLinks.add(rtoken.linkNumber()));
        }
    }

    Optional<LinkRecord.Traffic> remove(QueuePairKey key) {
        return Optional.ofNullable(traffic.remove(key));
    }

    Optional<LinkRecord.Traffic> get(QueuePairKey key) {
        return Optional.ofNullable(traffic.get(key));
    }

    List<QueuePairKey> all() {
        return List.copyOf(traffic.keySet());
    }

    /** The other direction, as far as the addresses tell. */
    Optional<QueuePairKey> answering(QueuePairKey key) {
        return traffic.keySet().stream().filter(other -> other.answers(key)).findFirst();
    }
}
