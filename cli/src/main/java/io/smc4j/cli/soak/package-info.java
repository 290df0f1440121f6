/**
 * {@code soak}: two processes open and close connections all the time, verify every byte and are disturbed without pause.
 *
 * <p>The command's own process plans the faults, starts the two peers ({@code soak-peer}), stops and kills them, and keeps the
 * books; it has no node of its own. Peers hear orders on standard input and report on standard output, one JSON object a line.
 */
@NullMarked
package io.smc4j.cli.soak;

import org.jspecify.annotations.NullMarked;
