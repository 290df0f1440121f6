package io.smc4j.actors.node;

/** Kinds of actors of a node. */
public enum ActorKind {
    NODE,
    REGISTRY,
    COMPLETION_QUEUE_OWNER,
    ISM_OWNER,
    LISTENER,
    CLIENT_HANDSHAKE,
    SERVER_HANDSHAKE,
    LINK_GROUP,
    LINK,
    CONNECTION
}
