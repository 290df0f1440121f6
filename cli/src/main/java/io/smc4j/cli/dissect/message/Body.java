package io.smc4j.cli.dissect.message;

import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.llc.LlcByteOrder;
import io.smc4j.protocol.llc.LlcMessage;

/** What a message says. */
public sealed interface Body {
    /**
     * The SMC option of a SYN, or of a SYN-ACK.
     *
     * @param answer whether it is the SYN-ACK
     */
    record Option(boolean answer) implements Body {}

    /** A message of the handshake. */
    record Clc(ClcMessage message) implements Body {}

    /**
     * A message of link layer control.
     *
     * @param order byte order of its sender
     */
    record Llc(LlcMessage message, LlcByteOrder order) implements Body {}

    /** A message of connection data control. */
    record Cdc(CdcMessage message) implements Body {}

    /**
     * An RDMA packet that is no message by itself: a write, an acknowledgement, a piece of a send.
     *
     * @param packet the packet; its payload is no longer valid
     * @param payloadLength bytes of its payload
     * @param address where a write puts its payload, if that is known; otherwise 0
     * @param rkey key of that memory, if it is known; otherwise 0
     * @param addressKnown whether it is
     */
    record Rdma(RocePacket packet, int payloadLength, long address, int rkey, boolean addressKnown) implements Body {}

    /** The SMC-D control area of a DMB, given by hand. */
    record ControlArea(long producer, long consumer, int producerFlags, int stateFlags) implements Body {}

    /** Bytes that should be a message and are none. */
    record Broken(ProtocolViolation violation) implements Body {}
}
