package io.smc4j.rdma;

/** Something that happened to an ISM device's peers. */
public sealed interface IsmEvent {
    /** The peer's device is gone (its process ended): its DMBs will never change again. */
    record PeerGone(IsmGid peer, String reason) implements IsmEvent {}
}
