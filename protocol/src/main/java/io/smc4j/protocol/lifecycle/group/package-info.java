/**
 * The life of a link group as a pure function: links and their LLC flows, membership of connections, failover and termination.
 *
 * <p>{@link io.smc4j.protocol.lifecycle.group.LinkGroupMachine#step} is the only entry. It knows no clock, no thread and no
 * bytes: time comes back as deadline events, messages are named by what they mean.
 */
@NullMarked
package io.smc4j.protocol.lifecycle.group;

import org.jspecify.annotations.NullMarked;
