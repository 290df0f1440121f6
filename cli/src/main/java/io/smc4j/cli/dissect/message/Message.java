package io.smc4j.cli.dissect.message;

/**
 * A message of a capture.
 *
 * @param place where it is
 * @param layer the language it belongs to
 * @param name what it is, in upper case
 * @param length its bytes; for RDMA operations the bytes they move
 * @param body what it says
 * @param bytes the message as it was on the wire; empty for RDMA packets
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of every message of a large capture would cost
public record Message(Place place, Layer layer, String name, long length, Body body, byte[] bytes) {
    public boolean broken() {
        return body instanceof Body.Broken;
    }
}
