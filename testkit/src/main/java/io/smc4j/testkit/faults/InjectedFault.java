package io.smc4j.testkit.faults;

/**
 * A fault that was injected.
 *
 * @param number counts the faults of a log, from 1
 * @param nanos when, on the log's clock, since the log was made
 * @param kind what was done
 * @param node to whose device, actor or connection
 * @param target which device, queue pair, actor or connection
 * @param detail the operation it struck
 */
public record InjectedFault(long number, long nanos, FaultKind kind, String node, String target, String detail) {
    @Override
    public String toString() {
        return "#%d at %.3f ms: %s (%s) at %s, %s%s"
                .formatted(
                        number,
                        nanos / 1e6,
                        kind,
                        kind.direction().name().toLowerCase(java.util.Locale.ROOT),
                        node,
                        target,
                        detail.isEmpty() ? "" : ": " + detail);
    }
}
