/** Links: the actor that owns one queue pair. */
@NullMarked
package io.smc4j.actors.link;

import org.jspecify.annotations.NullMarked;
