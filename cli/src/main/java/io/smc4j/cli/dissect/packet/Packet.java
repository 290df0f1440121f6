package io.smc4j.cli.dissect.packet;

/** What a frame carries, as far as SMC can be in it. */
public sealed interface Packet permits TcpSegment, RocePacket, Packet.Other, Packet.Damaged {
    /** Nothing that SMC uses. */
    record Other() implements Packet {
        static final Other INSTANCE = new Other();
    }

    /**
     * Something that SMC uses, but it cannot be read.
     *
     * @param reason why, as a phrase
     */
    record Damaged(String reason) implements Packet {}
}
