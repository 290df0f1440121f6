/**
 * The TCP side of a connection: CLC messages on it while the ends negotiate, all of its bytes after a fallback, and a watch on it
 * while the data moves through memory.
 */
@NullMarked
package io.smc4j.actors.tcp;

import org.jspecify.annotations.NullMarked;
