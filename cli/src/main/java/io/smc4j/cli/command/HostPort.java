package io.smc4j.cli.command;

import io.smc4j.cli.failure.CliFailure;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A {@code HOST:PORT} argument; IPv6 addresses stand in brackets.
 *
 * @param host name or address, without brackets
 * @param port 1..65535
 */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^:\\[\\]\\s/]+)):([0-9]{1,5})");
    private static final int LARGEST_PORT = 65535;

    /** Looks the name up. @throws CliFailure if there is no such host */
    public InetSocketAddress resolve() throws CliFailure {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw CliFailure.failed("cannot find host '" + host + "': check the name, or give an IP address");
        }
        return address;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Parses the argument. */
    public static final class Converter implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "expected HOST:PORT, for example 127.0.0.1:7609, but was '" + value + "'");
            }
            int port = Integer.parseInt(matcher.group(3));
            if (port < 1 || port > LARGEST_PORT) {
                throw new TypeConversionException("the port of '" + value + "' must be between 1 and " + LARGEST_PORT);
            }
            return new HostPort(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port);
        }
    }
}
