/** Connections and listeners as Pekko Streams, over {@link io.smc4j.SmcChannel} and {@link io.smc4j.SmcServerChannel}. */
@NullMarked
package io.smc4j.actors.stream;

import org.jspecify.annotations.NullMarked;
