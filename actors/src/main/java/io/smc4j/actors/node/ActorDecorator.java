package io.smc4j.actors.node;

import org.apache.pekko.actor.typed.Behavior;

/**
 * Wraps the behaviors of a node's actors before they are spawned: the seam by which tests make an actor fail, hold a message back
 * or write down what it was told. Called in the turn of whoever spawns; what it returns must not block.
 */
public interface ActorDecorator {
    /** Leaves every behavior as it is, so that production has no interceptor in any mailbox's way. */
    ActorDecorator NONE = new ActorDecorator() {};

    default <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
        return behavior;
    }
}
