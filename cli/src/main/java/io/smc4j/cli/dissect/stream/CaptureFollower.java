package io.smc4j.cli.dissect.stream;

import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.packet.Packet;
import io.smc4j.cli.dissect.packet.PacketParser;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.cli.dissect.packet.RocePacket.Icrc;
import io.smc4j.cli.dissect.packet.TcpSegment;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.llc.LlcAddLink;

/** Takes the frames of a capture one by one and tells a {@link Sink} what is in them. Not thread-safe. */
public final class CaptureFollower {
    private final Clock clock = new Clock();
    private final TcpFollower tcp;
    private final RoceFollower roce;
    private final Sink sink;
    private long goodChecksums;
    private long wrongChecksums;

    public CaptureFollower(Sink sink) {
        this.sink = sink;
        Sink watching = new Sink() {
            @Override
            public void message(Message message) {
                watch(message.body());
                sink.message(message);
            }

            @Override
            public void syn(Opening opening) {
                sink.syn(opening);
            }

            @Override
            public void skipped(long frame, String reason) {
                sink.skipped(frame, reason);
            }
        };
        this.tcp = new TcpFollower(clock, watching);
        this.roce = new RoceFollower(clock, watching);
    }

    /** New queue pairs are announced before they are used. */
    private void watch(Body body) {
        switch (body) {
            case Body.Clc(ClcAcceptSmcr accept) when accept.firstContact() -> begin(accept.endpoint());
            case Body.Clc(ClcConfirmSmcr confirm) when confirm.firstContact() -> begin(confirm.endpoint());
            case Body.Llc(LlcAddLink addLink, var _) -> roce.begin(addLink.gid(), addLink.qpNumber());
            default -> {}
        }
    }

    private void begin(SmcrEndpoint end) {
        roce.begin(end.gid(), end.qpNumber());
    }

    /** Takes the next frame. */
    public void accept(Frame frame) {
        clock.see(frame);
        switch (PacketParser.parse(frame)) {
            case TcpSegment segment -> tcp.accept(frame, segment);
            case RocePacket packet -> {
                count(packet.icrc());
                roce.accept(frame, packet);
            }
            case Packet.Damaged damaged -> sink.skipped(frame.number(), damaged.reason());
            case Packet.Other _ -> {}
        }
    }

    private void count(Icrc icrc) {
        goodChecksums += icrc == Icrc.GOOD ? 1 : 0;
        wrongChecksums += icrc == Icrc.WRONG ? 1 : 0;
    }

    /** RoCE packets whose invariant checksum is wrong, in a capture where others are right; they are decoded nevertheless. */
    public long wrongChecksums() {
        return goodChecksums > 0 ? wrongChecksums : 0;
    }
}
