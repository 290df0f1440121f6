package io.smc4j.cli.dissect;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Capture files made by hand. */
final class Pcap {
    static final int ETHERNET = 1;

    private Pcap() {}

    /** A classic capture in little-endian microseconds. */
    static byte[] of(int linkType, byte[]... frames) {
        return of(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, linkType, 65_535, frames);
    }

    static byte[] ethernet(byte[]... frames) {
        return of(ETHERNET, frames);
    }

    /** @param snap how many bytes of each frame are kept */
    static byte[] of(ByteOrder order, int magic, int linkType, int snap, byte[]... frames) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ByteBuffer.allocate(24)
                .order(order)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(snap)
                .putInt(linkType)
                .array());
        for (int i = 0; i < frames.length; i++) {
            int captured = Math.min(snap, frames[i].length);
            file.writeBytes(ByteBuffer.allocate(16)
                    .order(order)
                    .putInt(1_000_000)
                    .putInt(i * 1_000)
                    .putInt(captured)
                    .putInt(frames[i].length)
                    .array());
            file.write(frames[i], 0, captured);
        }
        return file.toByteArray();
    }

    /** What is left of a little-endian capture that begins with a later frame, from 1. */
    static byte[] from(byte[] capture, int frame) {
        ByteBuffer bytes = ByteBuffer.wrap(capture).order(ByteOrder.LITTLE_ENDIAN);
        int at = 24;
        for (int number = 1; number < frame; number++) {
            at += 16 + bytes.getInt(at + 8);
        }
        return Packets.join(Arrays.copyOf(capture, 24), Arrays.copyOfRange(capture, at, capture.length));
    }

    /** A pcapng capture with one interface, whose time stamps count nanoseconds. */
    static byte[] ng(ByteOrder order, int linkType, byte[]... frames) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(section(order));
        byte[] resolution = {9};
        file.writeBytes(block(
                order,
                1,
                ByteBuffer.allocate(20)
                        .order(order)
                        .putShort((short) linkType)
                        .putShort((short) 0)
                        .putInt(0)
                        .putShort((short) 9)
                        .putShort((short) 1)
                        .put(resolution)
                        .array()));
        for (int i = 0; i < frames.length; i++) {
            long time = 1_000_000_000_000_000L + i * 1_000_000L;
            file.writeBytes(block(
                    order,
                    6,
                    ByteBuffer.allocate(20 + frames[i].length)
                            .order(order)
                            .putInt(0)
                            .putInt((int) (time >>> 32))
                            .putInt((int) time)
                            .putInt(frames[i].length)
                            .putInt(frames[i].length)
                            .put(frames[i])
                            .array()));
            file.writeBytes(block(order, 5, new byte[12])); // statistics, to be skipped
        }
        return file.toByteArray();
    }

    static byte[] section(ByteOrder order) {
        return block(
                order,
                0x0A0D0D0A,
                ByteBuffer.allocate(16)
                        .order(order)
                        .putInt(0x1A2B3C4D)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1)
                        .array());
    }

    static byte[] block(ByteOrder order, int type, byte[] body) {
        int padded = body.length + 3 & ~3;
        return ByteBuffer.allocate(12 + padded)
                .order(order)
                .putInt(type)
                .putInt(12 + padded)
                .put(body)
                .position(8 + padded)
                .putInt(12 + padded)
                .array();
    }
}
