package io.smc4j.actors.node;

import io.smc4j.actors.queue.IsmHandle;
import io.smc4j.rdma.IsmDevice;

/**
 * An opened ISM device as link groups use it. Thread-safe.
 *
 * @param device the device, owned by its owner
 * @param owner how to reach that owner
 */
public record IsmContext(IsmDevice device, IsmHandle owner) {}
