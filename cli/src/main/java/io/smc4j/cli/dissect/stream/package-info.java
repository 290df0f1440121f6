/** From segments and packets to whole SMC messages: reassembly and retransmissions. */
@NullMarked
package io.smc4j.cli.dissect.stream;

import org.jspecify.annotations.NullMarked;
