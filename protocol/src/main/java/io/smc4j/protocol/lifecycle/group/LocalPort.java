package io.smc4j.protocol.lifecycle.group;

/**
 * A port of an RDMA device of ours.
 *
 * @param device device name
 * @param port port number, 1-based
 */
public record LocalPort(String device, int port) implements Comparable<LocalPort> {
    @Override
    public int compareTo(LocalPort other) {
        int byDevice = device.compareTo(other.device);
        return byDevice != 0 ? byDevice : Integer.compare(port, other.port);
    }
}
