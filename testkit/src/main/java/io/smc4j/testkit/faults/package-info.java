/** Faults for tests: devices that fail, actors that fail, and TCP connections that fail, by script or by seed, all written down. */
@NullMarked
package io.smc4j.testkit.faults;

import org.jspecify.annotations.NullMarked;
