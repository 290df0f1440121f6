package io.smc4j.actors.link;

import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.queue.LinkRoutes;
import io.smc4j.protocol.SmcVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * What a Link actor is made from.
 *
 * @param version of the link group: which address of the port the link uses, and the form of its LLC messages
 * @param direct whether there is no gateway between the link group's ports
 * @param group id of the link group
 * @param number link number
 * @param incarnation tells it from earlier links of that number
 * @param context device to use
 * @param port port of the device
 * @param routes alert tokens of the link group
 * @param peer the peer's end, if it is known from the start (client); else it comes by {@link Link.ConnectTo}
 * @param testLinkInterval keepalive interval; zero switches it off
 * @param detachDeadline longest wait for the queue pair's last flushed work request
 */
public record LinkSpec(
        SmcVersion version,
        boolean direct,
        int group,
        int number,
        int incarnation,
        RdmaContext context,
        int port,
        LinkRoutes routes,
        Optional<LinkAddress> peer,
        Duration testLinkInterval,
        Duration detachDeadline) {}
