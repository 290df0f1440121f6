package io.smc4j.actors.datapath;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The peer's receive buffer element of one connection, as the CLC handshake told it, with its rtoken on each link.
 *
 * <p>Thread-safe. The rtoken of a link must be known before an endpoint with this peer is opened on or moved to that link.
 * Source: RFC 7609 section 4.4.2 (tables of remote keys), Linux {@code rtokens}.
 */
public final class PeerRmbe {
    /**
     * What a write needs to reach an RMB over one link.
     *
     * @param rkey remote key
     * @param address the RMB's virtual (or DMA) address on that link
     */
    public record Rtoken(int rkey, long address) {}

    private final int alertToken;
    private final int size;
    private final long offset;
    private final Map<DataLink, Rtoken> rtokens = new ConcurrentHashMap<>();

    /**
     * @param alertToken the token the peer wants in CDC messages for this connection
     * @param size bytes of the element
     * @param offset of the element in the RMB: size · (index − 1), 0 with Linux
     */
    public PeerRmbe(int alertToken, int size, long offset) {
        if (size < 1 || offset < 0) {
            throw new IllegalArgumentException(
                    "an RMBE has at least one byte and begins in its RMB: size " + size + ", offset " + offset);
        }
        this.alertToken = alertToken;
        this.size = size;
        this.offset = offset;
    }

    public int alertToken() {
        return alertToken;
    }

    public int size() {
        return size;
    }

    public long offset() {
        return offset;
    }

    /** Sets or replaces the rtoken on a link. */
    public void setRtoken(DataLink link, int rkey, long address) {
        rtokens.put(link, new Rtoken(rkey, address));
    }

    /** Forgets the rtoken of a link that is gone. */
    public void removeRtoken(DataLink link) {
        rtokens.remove(link);
    }

    @Nullable
    Rtoken rtoken(DataLink link) {
        return rtokens.get(link);
    }
}
