package io.smc4j.rdma.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages of rtnetlink about one route, in the processor's byte order except for addresses.
 *
 * <pre>
 *   0  length (4)    4  type (2)    6  flags (2)    8  sequence (4)   12  port (4)
 *  16  family (1)   17  destination prefix (1)   18  source prefix (1)   19  tos, table, protocol, scope (4)   23  type (1)   24  flags (4)
 *  28  attributes: length with this head (2), type (2), value, padded to 4
 *
 *      or, if the type says so: 16  negated errno (4)
 * </pre>
 */
final class RouteMessage {
    private static final int REQUEST_BYTES = 44;
    private static final short GET_ROUTE = 26;
    private static final short NEW_ROUTE = 24;
    private static final short ERROR = 2;
    private static final short FLAG_REQUEST = 1;
    private static final byte FAMILY_IPV4 = 2;
    private static final byte WHOLE_ADDRESS = 32;

    private static final short ATTRIBUTE_DESTINATION = 1;
    private static final short ATTRIBUTE_SOURCE = 2;
    private static final short ATTRIBUTE_GATEWAY = 5;
    private static final short ATTRIBUTE_GATEWAY_OF_OTHER_FAMILY = 18;

    private static final int TYPE = 4;
    private static final int BODY = 16;
    private static final int ROUTE_TYPE = 23;
    private static final int ATTRIBUTES = 28;
    private static final int ATTRIBUTE_HEAD = 4;

    private static final byte UNICAST = 1;
    private static final byte LOCAL = 2;

    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EOPNOTSUPP = 95;

    private RouteMessage() {}

    /** Asks for the route that a packet would take. Addresses as numbers, the first byte in the high bits. */
    static byte[] request(int source, int destination) {
        ByteBuffer out = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
        out.putInt(REQUEST_BYTES)
                .putShort(GET_ROUTE)
                .putShort(FLAG_REQUEST)
                .putInt(1)
                .putInt(0);
        out.put(FAMILY_IPV4)
                .put(WHOLE_ADDRESS)
                .put(WHOLE_ADDRESS)
                .put(new byte[5])
                .putInt(0);
        attribute(out, ATTRIBUTE_DESTINATION, destination);
        attribute(out, ATTRIBUTE_SOURCE, source);
        return out.array();
    }

    private static void attribute(ByteBuffer out, short type, int address) {
        out.putShort((short) 8).putShort(type);
        out.order(ByteOrder.BIG_ENDIAN).putInt(address).order(ByteOrder.nativeOrder());
    }

    /** What the answer says. One that says nothing we know is {@link Way#UNKNOWN}. */
    static Way answer(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        if (in.limit() < BODY + Integer.BYTES) {
            return Way.UNKNOWN;
        }
        return switch (in.getShort(TYPE)) {
            case ERROR ->
                switch (-in.getInt(BODY)) {
                    case EPERM, EACCES, EOPNOTSUPP -> Way.UNKNOWN;
                    default -> Way.NONE; // ENETUNREACH, EHOSTUNREACH, or EINVAL: the source is not ours
                };
            case NEW_ROUTE -> route(in);
            default -> Way.UNKNOWN;
        };
    }

    private static Way route(ByteBuffer in) {
        if (in.limit() < ATTRIBUTES) {
            return Way.UNKNOWN;
        }
        byte type = in.get(ROUTE_TYPE);
        if (type != UNICAST && type != LOCAL) {
            return Way.NONE; // unreachable, prohibited, or no address of one host
        }
        int at = ATTRIBUTES;
        while (at + ATTRIBUTE_HEAD <= in.limit()) {
            int length = Short.toUnsignedInt(in.getShort(at));
            short attribute = in.getShort(at + 2);
            if (attribute == ATTRIBUTE_GATEWAY || attribute == ATTRIBUTE_GATEWAY_OF_OTHER_FAMILY) {
                return Way.GATEWAY;
            }
            if (length < ATTRIBUTE_HEAD) {
                break;
            }
            at += length + 3 & ~3;
        }
        return Way.DIRECT;
    }
}
