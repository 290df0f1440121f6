package io.smc4j.actors.node;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a node takes from outside, for tests to put something of theirs there. In production nothing is put there.
 *
 * @param devices what to wrap devices in
 * @param actors what to wrap actors in
 * @param clock monotonic nanoseconds
 */
public record NodeSeams(DeviceDecorator devices, ActorDecorator actors, LongSupplier clock) {
    /** Those of an actor system: what its {@link DeviceSetup}, {@link ActorSetup} and {@link ClockSetup} name. */
    public static NodeSeams of(ActorSystem<?> system) {
        var setup = system.settings().setup();
        return new NodeSeams(
                setup.get(DeviceSetup.class).map(DeviceSetup::decorator).orElse(DeviceDecorator.NONE),
                setup.get(ActorSetup.class).map(ActorSetup::decorator).orElse(ActorDecorator.NONE),
                setup.get(ClockSetup.class).map(ClockSetup::clock).orElse(System::nanoTime));
    }
}
