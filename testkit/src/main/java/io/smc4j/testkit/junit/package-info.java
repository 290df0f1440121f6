/** JUnit 5: a pair of SMC nodes for each test, on faulty devices, with a clock and a ledger. Needs junit-jupiter-api. */
@NullMarked
package io.smc4j.testkit.junit;

import org.jspecify.annotations.NullMarked;
