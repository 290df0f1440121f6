/** Frames out of capture files: classic pcap and pcapng. */
@NullMarked
package io.smc4j.cli.dissect.capture;

import org.jspecify.annotations.NullMarked;
