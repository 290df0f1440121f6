/** The life of one SMC-R link, one queue pair with its keepalive, as a pure function (RFC 7609 section 3.3, as Linux does). */
@NullMarked
package io.smc4j.protocol.lifecycle.link;

import org.jspecify.annotations.NullMarked;
