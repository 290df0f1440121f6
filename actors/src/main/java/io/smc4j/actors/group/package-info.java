/** Link groups: their registry, and the actors that own links, buffers and connections. */
@NullMarked
package io.smc4j.actors.group;

import org.jspecify.annotations.NullMarked;
