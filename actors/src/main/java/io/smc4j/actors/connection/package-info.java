/** Connections: the actor that owns one SMC connection, and the handle that the application holds. */
@NullMarked
package io.smc4j.actors.connection;

import org.jspecify.annotations.NullMarked;
