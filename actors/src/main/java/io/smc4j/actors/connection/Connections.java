package io.smc4j.actors.connection;

import io.smc4j.LinkGroupInfo;
import io.smc4j.Transport;
import io.smc4j.actors.node.NodeContext;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;

/** Makes Connection actors. */
public final class Connections {
    private Connections() {}

    /**
     * @param id of the connection in its group
     * @param local own address of the TCP connection
     * @param remote the peer's
     * @param group what the link group looks like now; any thread may ask
     * @param end hears what the connection leaves behind; must only pass it on
     */
    public static Behavior<Connection.Command> behavior(
            NodeContext node,
            long id,
            Transport transport,
            InetSocketAddress local,
            InetSocketAddress remote,
            Supplier<LinkGroupInfo> group,
            Consumer<ConnectionEnd> end) {
        return Connection.create(node, id, new ConnectionFacts(transport, local, remote, group), end);
    }
}
