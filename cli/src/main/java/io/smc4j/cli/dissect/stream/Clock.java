package io.smc4j.cli.dissect.stream;

import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.cli.dissect.packet.TcpSegment;

/** Makes places of frames: times count from the first one. */
final class Clock {
    private boolean started;
    private long start;

    void see(Frame frame) {
        if (!started) {
            started = true;
            start = frame.timeNanos();
        }
    }

    Place of(Frame frame, TcpSegment segment, boolean retransmission) {
        return new Place(
                frame.number(),
                frame.timeNanos() - start,
                frame.timeNanos(),
                segment.source(),
                segment.sourcePort(),
                segment.destination(),
                segment.destinationPort(),
                -1,
                -1,
                retransmission);
    }

    Place of(Frame frame, RocePacket packet, boolean retransmission) {
        return new Place(
                frame.number(),
                frame.timeNanos() - start,
                frame.timeNanos(),
                packet.source(),
                -1,
                packet.destination(),
                -1,
                packet.queuePair(),
                packet.psn(),
                retransmission);
    }
}
