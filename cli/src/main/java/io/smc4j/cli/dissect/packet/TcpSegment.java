package io.smc4j.cli.dissect.packet;

import io.smc4j.protocol.Gid;
import java.nio.ByteBuffer;

/**
 * A TCP segment; IPv4 addresses are mapped into IPv6.
 *
 * @param source sender's address
 * @param sourcePort sender's port
 * @param destination receiver's address
 * @param destinationPort receiver's port
 * @param sequence number of the first byte (of the SYN, if it is one)
 * @param flags the flags byte
 * @param options the options, valid until the next frame
 * @param payload what was captured of the payload, valid until the next frame
 * @param missing how many bytes of the payload were not captured
 */
public record TcpSegment(
        Gid source,
        int sourcePort,
        Gid destination,
        int destinationPort,
        int sequence,
        int flags,
        ByteBuffer options,
        ByteBuffer payload,
        int missing)
        implements Packet {

    public boolean syn() {
        return (flags & 0x02) != 0;
    }

    public boolean ack() {
        return (flags & 0x10) != 0;
    }

    public boolean reset() {
        return (flags & 0x04) != 0;
    }
}
