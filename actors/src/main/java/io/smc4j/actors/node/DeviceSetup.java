package io.smc4j.actors.node;

import org.apache.pekko.actor.setup.Setup;

/**
 * How an actor system is told to decorate the devices of its SMC node:
 * {@code ActorSystem.create(guardian, name, ActorSystemSetup.create(BootstrapSetup.create(config), new DeviceSetup(decorator)))}.
 */
public final class DeviceSetup extends Setup {
    private final DeviceDecorator decorator;

    public DeviceSetup(DeviceDecorator decorator) {
        this.decorator = decorator;
    }

    public DeviceDecorator decorator() {
        return decorator;
    }
}
