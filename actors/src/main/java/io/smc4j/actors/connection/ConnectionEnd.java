package io.smc4j.actors.connection;

import io.smc4j.protocol.lifecycle.connection.EndReason;

/**
 * What a connection leaves behind, told to its link group just before it stops.
 *
 * @param connection its id in the group
 * @param endpoint whether it was given its endpoint; then it has had it detached
 * @param quiet nothing can touch its buffers any more from this side; if false they must be quarantined
 * @param reason why it ended
 */
public record ConnectionEnd(long connection, boolean endpoint, boolean quiet, EndReason reason) {}
