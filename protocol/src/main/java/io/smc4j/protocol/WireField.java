package io.smc4j.protocol;

/**
 * One field of a message as it lies in its bytes, for people who look at a capture. The fields of a message cover every byte of
 * it once, in order, reserved ones included.
 *
 * @param offset first byte, from the start of the message
 * @param length number of bytes
 * @param name what the field is
 * @param value what it holds, readable
 */
public record WireField(int offset, int length, String name, String value) {}
