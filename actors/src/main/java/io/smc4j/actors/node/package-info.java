/** The node: what one process is to its SMC peers, its devices, and the actor above all others. */
@NullMarked
package io.smc4j.actors.node;

import org.jspecify.annotations.NullMarked;
