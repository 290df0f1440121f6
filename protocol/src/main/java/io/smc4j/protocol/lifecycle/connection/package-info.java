/** The life of one SMC connection after its handshake began, as a pure function: phases, close, half-close, abort (RFC 7609 section 4.8, as Linux does). */
@NullMarked
package io.smc4j.protocol.lifecycle.connection;

import org.jspecify.annotations.NullMarked;
