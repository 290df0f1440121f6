package io.smc4j.protocol.lifecycle.group;

/** Which side of the TCP connection that created the group we are; fixed for its life, part of every group's key. */
public enum GroupRole {
    SERVER,
    CLIENT
}
