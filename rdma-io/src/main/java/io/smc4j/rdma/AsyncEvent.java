package io.smc4j.rdma;

/** Something that happened to a device outside any work request. */
public sealed interface AsyncEvent {
    /** A port lost its path: queue pairs on it will not complete work any more. */
    record PortDown(int port) implements AsyncEvent {}

    /** A port carries traffic (again). */
    record PortUp(int port) implements AsyncEvent {}

    /** A queue pair went to ERROR by itself. */
    record QueuePairFatal(int queuePairNumber) implements AsyncEvent {}

    /** The device is going away: everything on it is lost. */
    record DeviceFatal(String reason) implements AsyncEvent {}
}
