/**
 * The owners of devices: actors on pinned dispatchers that alone post work requests, poll completions and hear doorbells.
 */
@NullMarked
package io.smc4j.actors.queue;

import org.jspecify.annotations.NullMarked;
