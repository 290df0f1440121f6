package io.smc4j.cli.demo;

import io.smc4j.ConnectionInfo;
import io.smc4j.LinkGroupInfo;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.output.Json;
import io.smc4j.rdma.PortState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/** Waits for the second link, and takes the port of the first one down when half of all bytes are on their way. */
final class DyingLink implements LongConsumer {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int LOOK_MILLIS = 10;

    private final Node node;
    private final ParentLink parent;
    private final long half;
    private final LinkGroupInfo.Link link;
    private boolean taken;

    private DyingLink(Node node, ParentLink parent, long half, LinkGroupInfo.Link link) {
        this.node = node;
        this.parent = parent;
        this.half = half;
        this.link = link;
    }

    /**
     * @param total bytes that will be moved
     * @throws CliFailure if the connection does not get two links in time
     */
    static DyingLink prepare(Node node, End end, long total, ParentLink parent)
            throws CliFailure, InterruptedException {
        long start = System.nanoTime();
        List<LinkGroupInfo.Link> links = active(end);
        while (links.size() < 2) {
            if (System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
                throw CliFailure.failed("the link group has " + links.size() + " active link(s) after "
                        + LONGEST_WAIT.toSeconds() + " s, and two are needed for one to die");
            }
            Thread.sleep(LOOK_MILLIS);
            links = active(end);
        }
        // A link group's first connection is on its first link.
        LinkGroupInfo.Link first = links.stream()
                .min(Comparator.comparingInt(LinkGroupInfo.Link::number))
                .orElseThrow();
        return new DyingLink(node, parent, total / 2, first);
    }

    @Override
    public void accept(long bytes) {
        if (taken || bytes < half) {
            return;
        }
        taken = true;
        boolean done = node.setPortState(link.port(), PortState.DOWN);
        parent.send(Json.object()
                .put("event", done ? "portDown" : "portNotDown")
                .put("port", link.port())
                .put("device", link.device())
                .put("bytes", bytes));
    }

    private static List<LinkGroupInfo.Link> active(End end) {
        return end.info().flatMap(ConnectionInfo::linkGroup).map(LinkGroupInfo::links).orElse(List.of()).stream()
                .filter(link -> link.state().equals("ACTIVE"))
                .toList();
    }
}
