package io.smc4j.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests with a pair of SMC nodes. Each test of the class, or the method, gets a client node and a server node of its own in this
 * JVM, on {@linkplain io.smc4j.testkit.faults.FaultyDevices faulty devices} (SMC-R in software, and SMC-D), when it asks for one of
 * these parameters:
 *
 * <ul>
 *   <li>{@link io.smc4j.testkit.node.NodePair}: everything;
 *   <li>with {@link Client} or {@link Server}: {@link io.smc4j.Smc}, {@link io.smc4j.testkit.node.TestNode}, {@link
 *       io.smc4j.testkit.faults.FaultyDevices}, {@link io.smc4j.testkit.faults.FaultyDevice}, {@link
 *       io.smc4j.testkit.faults.FaultyIsmDevice}, {@link io.smc4j.testkit.faults.FaultDirector}, and the {@code ActorSystem};
 *   <li>{@link io.smc4j.SmcServerChannel}: the server listens;
 *   <li>{@link io.smc4j.testkit.time.TestClock}, {@link io.smc4j.testkit.ResourceLedger}, {@link io.smc4j.testkit.faults.FaultLog}.
 * </ul>
 *
 * <p>After the test all faults are called off, the clock flows, and both nodes are shut down; the test fails if a native resource or
 * a file in shared memory is left. A test that fails or takes too long carries evidence: faults, messages, actors, open resources.
 *
 * <p>The test runs on a thread of its own, so that one that hangs can be left.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(SmcExtension.class)
public @interface SmcTest {
    /** How the clock begins. */
    enum Clock {
        /** As the system's. */
        FLOWING,
        /** Nothing times out until the test moves the clock. Sockets' own timeouts go by the system's clock all the same. */
        STANDING
    }

    /** Lines of configuration for both nodes. */
    String[] value() default {};

    /** More lines for the server. */
    String[] server() default {};

    /** More lines for the client. */
    String[] client() default {};

    Clock clock() default Clock.FLOWING;

    /** Longest time that a test may take, on the wall clock; after it the test fails with evidence. */
    int timeoutSeconds() default 60;
}
