package io.smc4j.cli.soak;

import io.smc4j.testkit.soak.Trouble;

/**
 * One fault as planned.
 *
 * @param atMillis when, from the start of the run
 * @param kind what
 * @param peer to which process, 0 or 1
 * @param millis how long it lasts, for kinds that last
 * @param argument which port, message or the like; what it means depends on the kind
 */
record Fault(long atMillis, Trouble kind, int peer, int millis, int argument) {}
