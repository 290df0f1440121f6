/** The thread that runs a node's control actors and waits for their sockets. */
@NullMarked
package io.smc4j.actors.loop;

import org.jspecify.annotations.NullMarked;
