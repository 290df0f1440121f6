/** SMC nodes for tests: actor systems whose devices, actors and clock are the test's. */
@NullMarked
package io.smc4j.testkit.node;

import org.jspecify.annotations.NullMarked;
