/** Connecting and accepting: negotiation, the CLC handshake, and fallback. */
@NullMarked
package io.smc4j.actors.handshake;

import org.jspecify.annotations.NullMarked;
