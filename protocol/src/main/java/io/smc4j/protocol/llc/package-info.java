/** Link layer control: the messages, sent over a link's own queue pair, that manage the links and keys of a link group. */
@NullMarked
package io.smc4j.protocol.llc;

import org.jspecify.annotations.NullMarked;
