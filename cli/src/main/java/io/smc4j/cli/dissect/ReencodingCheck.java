package io.smc4j.cli.dissect;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Decoder;
import io.smc4j.cli.dissect.message.Message;
import java.util.Arrays;
import java.util.Optional;

/** Encodes every message again and compares with what was on the wire. */
final class ReencodingCheck {
    private long checked;
    private long different;

    /** What is different, in words; empty if nothing is or the message is none that is encoded. */
    Optional<String> check(Message message) {
        if (message.body() instanceof Body.Broken broken) {
            checked++;
            different++;
            return Optional.of("cannot be encoded again: " + broken.violation().getMessage());
        }
        Optional<byte[]> encoded = Decoder.encode(message);
        if (encoded.isEmpty()) {
            return Optional.empty();
        }
        checked++;
        int at = Arrays.mismatch(message.bytes(), encoded.get());
        if (at < 0) {
            return Optional.empty();
        }
        different++;
        return Optional.of(message.layer().label() + " " + message.name() + " differs at byte " + at + ": "
                + byteAt(message.bytes(), at) + " on the wire, " + byteAt(encoded.get(), at) + " when encoded");
    }

    private static String byteAt(byte[] bytes, int at) {
        return at < bytes.length ? String.format("%02x", bytes[at]) : "nothing";
    }

    long checked() {
        return checked;
    }

    long different() {
        return different;
    }
}
