package io.smc4j;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How to open a connection.
 *
 * @param transport transports it may use
 * @param connectTimeout longest wait for the TCP connection
 * @param localAddress address to bind to first
 */
public record ConnectOptions(
        TransportPreference transport, Duration connectTimeout, Optional<InetSocketAddress> localAddress) {
    /** Any transport, 10 s for the TCP connection, any local address. */
    public static ConnectOptions defaults() {
        return new ConnectOptions(TransportPreference.AUTO, Duration.ofSeconds(10), Optional.empty());
    }

    public ConnectOptions withTransport(TransportPreference preference) {
        return new ConnectOptions(preference, connectTimeout, localAddress);
    }

    public ConnectOptions withConnectTimeout(Duration timeout) {
        return new ConnectOptions(transport, timeout, localAddress);
    }

    public ConnectOptions withLocalAddress(InetSocketAddress address) {
        return new ConnectOptions(transport, connectTimeout, Optional.of(address));
    }
}
