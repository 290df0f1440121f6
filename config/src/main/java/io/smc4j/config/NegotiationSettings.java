package io.smc4j.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How two ends find out that the other speaks SMC ({@code smc4j.negotiation}).
 *
 * @param strategy how
 * @param recognitionTimeout a listener's wait for the first byte of a client that did not announce itself
 * @param tcpOption what strategy TCP_OPTION needs
 */
public record NegotiationSettings(Strategy strategy, Duration recognitionTimeout, TcpOption tcpOption) {

    /**
     * The BPF program that gives sockets the TCP option ({@code smc4j.negotiation.tcp-option}).
     *
     * @param attach whether the node attaches it if it is not there yet
     * @param cgroup control group to attach it to; empty is the process's own
     */
    public record TcpOption(boolean attach, Optional<Path> cgroup) {
        static TcpOption read(SettingsBlock block) {
            return new TcpOption(
                    block.flag("attach"),
                    block.optionalString(
                                    "cgroup",
                                    path -> path.startsWith("/"),
                                    "the absolute path of a directory in the version 2 control-group file system")
                            .map(Path::of));
        }
    }

    /** How a client decides whether to propose SMC. */
    public enum Strategy {
        /** If the listener left a record on this host. */
        RENDEZVOUS,
        /** Always. */
        EXPLICIT,
        /** If the server's SYN-ACK carried the TCP option, as Linux does it. */
        TCP_OPTION;

        /** The value as written in the configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static NegotiationSettings read(SettingsBlock negotiation) {
        return new NegotiationSettings(
                negotiation.choice("strategy", Strategy.class, Strategy::label),
                negotiation.duration("recognition-timeout", Duration.ofMillis(1), Duration.ofSeconds(10)),
                TcpOption.read(negotiation.block("tcp-option")));
    }
}
