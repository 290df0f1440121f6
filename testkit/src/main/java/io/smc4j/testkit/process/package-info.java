/**
 * Programs in JVMs of their own: started with the class path of the test, spoken to by lines, killed, stopped and continued.
 *
 * <p>For tests of what one process cannot show: that a peer was killed, that files do not stay behind.
 */
@NullMarked
package io.smc4j.testkit.process;

import org.jspecify.annotations.NullMarked;
