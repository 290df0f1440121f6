/**
 * smc4j's public API: the {@link io.smc4j.Smc} extension, its Pekko Streams face and the {@link io.smc4j.SmcChannel} below it.
 *
 * <p>{@link io.smc4j.Smc#get} starts the node of an actor system; {@link io.smc4j.Smc#connect} and {@link io.smc4j.Smc#listen} give
 * channels, {@link io.smc4j.Smc#outgoingConnection} and {@link io.smc4j.Smc#bind} give streams. What carries a connection's bytes, and
 * why if it is TCP, says {@link io.smc4j.ConnectionInfo}. Failures are {@link io.smc4j.SmcException}s whose category says what to do.
 *
 * <p>Everything a user needs is in this package; the packages below it are implementation and may change at any time.
 */
@NullMarked
package io.smc4j;

import org.jspecify.annotations.NullMarked;
