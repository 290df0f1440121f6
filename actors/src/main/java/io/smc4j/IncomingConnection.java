package io.smc4j;

import java.lang.foreign.MemorySegment;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** An accepted connection of {@link Smc#bind}. Its flow or its channel may be used, once, not both. */
public interface IncomingConnection {
    /** The connection as a flow: what goes in is sent to the client, what the client sends comes out. Materialize once. */
    Flow<ByteString, ByteString, NotUsed> flow();

    /**
     * As {@link #flow}, without a copy on the receiving side: each element is a read-only view of the connection's own memory,
     * valid until the next one is asked for (so no buffer, no asynchronous boundary may lie between), and throws {@link
     * IllegalStateException} after the end. Elements that go in are copied once, before the next is asked for.
     */
    Flow<MemorySegment, MemorySegment, NotUsed> flowOfSegments();

    /** Connects {@code handler} to {@link #flow} and runs it. */
    <M> M handleWith(Flow<ByteString, ByteString, M> handler, Materializer materializer);

    /** The connection below, for use without streams. */
    SmcChannel channel();

    /** The connection as it is now. */
    ConnectionInfo info();
}
