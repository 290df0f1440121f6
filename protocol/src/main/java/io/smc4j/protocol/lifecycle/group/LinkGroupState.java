package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.SmcVersion;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything a link group knows about itself, as a value: equal states behave alike.
 *
 * @param role our side
 * @param smcD an SMC-D group: no links, no LLC
 * @param version the SMC version that both ends agreed on
 * @param timeouts the waits
 * @param maxLinks negotiated limit, 1..2
 * @param maxConnections negotiated limit, 16..255
 * @param phase where in its life
 * @param type how many ports each side contributes
 * @param cause why it ends, once it does
 * @param ports local ports that are up
 * @param links by number
 * @param connections members and the link each is on (0 for SMC-D)
 * @param flow the running local flow
 * @param waiting flows waiting for the slot, oldest first
 * @param delayed client: one ADD LINK of the server's that came while a flow of another type was running
 * @param nextId last flow or request id given
 * @param nextIncarnation last link incarnation given
 * @param idleEpoch counts idle periods, so that an old idle deadline is known as such
 * @param escalated whether the present termination step passed its deadline once
 * @param quarantine whether a termination step was given up
 */
public record LinkGroupState(
        GroupRole role,
        boolean smcD,
        SmcVersion version,
        GroupTimeouts timeouts,
        int maxLinks,
        int maxConnections,
        GroupPhase phase,
        GroupType type,
        Optional<TerminationCause> cause,
        SortedSet<LocalPort> ports,
        SortedMap<Integer, LinkEntry> links,
        SortedMap<Long, Integer> connections,
        Flow flow,
        List<FlowRequest> waiting,
        Optional<GroupEvent.AddLinkRequest> delayed,
        int nextId,
        int nextIncarnation,
        int idleEpoch,
        boolean escalated,
        boolean quarantine) {

    public LinkGroupState {
        ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
        connections = Collections.unmodifiableSortedMap(new TreeMap<>(connections));
        waiting = List.copyOf(waiting);
    }

    /** A new SMC-R group of version 2.1; the local ports that are up may carry its links. */
    public static LinkGroupState smcR(
            GroupRole role, GroupTimeouts timeouts, int maxLinks, int maxConnections, SortedSet<LocalPort> portsUp) {
        return smcR(role, SmcVersion.V2_1, timeouts, maxLinks, maxConnections, portsUp);
    }

    /** A new SMC-R group of a version. */
    public static LinkGroupState smcR(
            GroupRole role,
            SmcVersion version,
            GroupTimeouts timeouts,
            int maxLinks,
            int maxConnections,
            SortedSet<LocalPort> portsUp) {
        return fresh(role, false, version, timeouts, maxLinks, maxConnections, portsUp);
    }

    /** A new SMC-D group. */
    public static LinkGroupState smcD(GroupRole role, GroupTimeouts timeouts, int maxConnections) {
        return fresh(role, true, SmcVersion.V2_1, timeouts, 1, maxConnections, new TreeSet<>());
    }

    private static LinkGroupState fresh(
            GroupRole role,
            boolean smcD,
            SmcVersion version,
            GroupTimeouts timeouts,
            int maxLinks,
            int maxConnections,
            SortedSet<LocalPort> ports) {
        return new LinkGroupState(
                role,
                smcD,
                version,
                timeouts,
                maxLinks,
                maxConnections,
                GroupPhase.FORMING,
                GroupType.NONE,
                Optional.empty(),
                ports,
                new TreeMap<>(),
                new TreeMap<>(),
                new Flow.None(),
                List.of(),
                Optional.empty(),
                0,
                0,
                0,
                false,
                false);
    }
}
