package io.smc4j.actors.node;

import org.apache.pekko.actor.setup.Setup;

/** How an actor system is told to decorate the actors of its SMC node; as {@link DeviceSetup} for devices. */
public final class ActorSetup extends Setup {
    private final ActorDecorator decorator;

    public ActorSetup(ActorDecorator decorator) {
        this.decorator = decorator;
    }

    public ActorDecorator decorator() {
        return decorator;
    }
}
