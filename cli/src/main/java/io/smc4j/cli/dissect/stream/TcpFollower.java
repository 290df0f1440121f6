package io.smc4j.cli.dissect.stream;

import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.message.Decoder;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.packet.TcpSegment;
import io.smc4j.protocol.Gid;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the TCP option in SYNs and CLC messages in streams, for as long as a stream has nothing else. */
final class TcpFollower {
    private static final int MOST_STREAMS = 50_000;

    /** One direction of a connection. */
    private record Key(Gid source, int sourcePort, Gid destination, int destinationPort) {
        @SuppressWarnings("ArgumentSelectionDefectChecker") // swapped on purpose: the other direction
        static Key answering(TcpSegment segment) {
            return new Key(segment.destination(), segment.destinationPort(), segment.source(), segment.sourcePort());
        }
    }

    private final Map<Key, ClcStream> streams = new Recent<>(MOST_STREAMS);
    private final Clock clock;
    private final Sink sink;

    TcpFollower(Clock clock, Sink sink) {
        this.clock = clock;
        this.sink = sink;
    }

    void accept(Frame frame, TcpSegment segment) {
        Key key = new Key(segment.source(), segment.sourcePort(), segment.destination(), segment.destinationPort());
        ClcStream stream = streams.get(key);
        int sequence = segment.sequence();
        if (segment.syn()) {
            stream = begin(frame, segment, key, stream);
            sequence++;
        }
        if (segment.payload().limit() == 0 && segment.missing() == 0) {
            return;
        }
        if (stream == null) {
            stream = joinLate(segment);
            if (stream == null) {
                return;
            }
            streams.put(key, stream);
        }
        stream.accept(sequence, segment.payload(), segment.missing(), new ClcStream.Listener() {
            @Override
            public void message(byte[] bytes) {
                sink.message(Decoder.clc(clock.of(frame, segment, false), bytes));
            }

            @Override
            public void lost(String reason) {
                sink.skipped(frame.number(), reason);
            }
        });
    }

    private ClcStream begin(Frame frame, TcpSegment segment, Key key, @Nullable ClcStream known) {
        ClcStream same = known != null && known.beganWith(segment.sequence() + 1) ? known : null;
        Optional<Message> option =
                Decoder.option(clock.of(frame, segment, same != null), segment.ack(), segment.options());
        option.ifPresent(sink::message);
        if (same != null) {
            return same;
        }
        if (!segment.ack()) {
            streams.remove(Key.answering(segment));
        }
        sink.syn(new Sink.Opening(
                frame.number(),
                clock.of(frame, segment, false).nanos(),
                key.source(),
                key.sourcePort(),
                key.destination(),
                key.destinationPort(),
                segment.ack(),
                option.isPresent() && !option.get().broken()));
        ClcStream stream = new ClcStream(segment.sequence() + 1);
        streams.put(key, stream);
        return stream;
    }

    /** A stream whose SYN is not in the capture, if it is at a message. */
    private static @Nullable ClcStream joinLate(TcpSegment segment) {
        return ClcStream.opensHere(segment.payload()) ? new ClcStream(segment.sequence()) : null;
    }
}
