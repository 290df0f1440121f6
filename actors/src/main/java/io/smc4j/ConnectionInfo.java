package io.smc4j;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a connection is, as it was when asked.
 *
 * @param transport what carries its bytes
 * @param local own address of the TCP connection
 * @param remote the peer's address of the TCP connection
 * @param linkGroup the link group; empty for TCP
 * @param fallback why it is TCP; empty unless {@code transport} is {@link Transport#TCP}
 * @param bytesRead bytes handed to the application
 * @param bytesWritten bytes accepted from the application
 * @param failovers how often the connection moved to another link
 */
public record ConnectionInfo(
        Transport transport,
        InetSocketAddress local,
        InetSocketAddress remote,
        Optional<LinkGroupInfo> linkGroup,
        Optional<FallbackReason> fallback,
        long bytesRead,
        long bytesWritten,
        int failovers) {}
