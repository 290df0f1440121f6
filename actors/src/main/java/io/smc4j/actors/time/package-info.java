/** Time for actor systems: a scheduler that does nothing while there is nothing to do. */
@NullMarked
package io.smc4j.actors.time;

import org.jspecify.annotations.NullMarked;
