package io.smc4j.actors.node;

import io.smc4j.config.NegotiationSettings;
import io.smc4j.config.NegotiationSettings.Strategy;
import io.smc4j.rdma.tcpoption.ControlGroups;
import io.smc4j.rdma.tcpoption.OptionProbe;
import io.smc4j.rdma.tcpoption.TcpOptionException;
import io.smc4j.rdma.tcpoption.TcpOptionProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether sockets of this process can carry the TCP option, and the attachment of the program if this node made it. Owned by the node.
 *
 * @param attachment what is to be closed; empty if somebody else attached the program, or nobody did
 * @param trouble why it cannot be used, a sentence; empty if it can
 */
public record OptionSupport(Optional<TcpOptionProgram.Attachment> attachment, String trouble) implements AutoCloseable {
    private static final OptionSupport UNUSED =
            new OptionSupport(Optional.empty(), "smc4j.negotiation.strategy is not tcp-option");

    boolean isUsable() {
        return trouble.isEmpty();
    }

    /**
     * Attaches the program if the settings and the process's capabilities allow, also where another process's works already: that one
     * goes with its process. Else looks whether one works. Blocking threads only.
     */
    static OptionSupport open(NegotiationSettings settings, List<String> troubles) {
        if (settings.strategy() != Strategy.TCP_OPTION) {
            return UNUSED;
        }
        Optional<TcpOptionProgram.Attachment> attached = Optional.empty();
        try {
            String refusal = "smc4j.negotiation.tcp-option.attach is false: run 'smc4j enable-tcp-option' as root";
            if (settings.tcpOption().attach()) {
                try {
                    attached = Optional.of(TcpOptionProgram.attach(cgroup(settings)));
                } catch (TcpOptionException | IOException e) {
                    refusal = String.valueOf(e.getMessage());
                }
            }
            if (OptionProbe.works()) {
                return new OptionSupport(attached, "");
            }
            attached.ifPresent(TcpOptionProgram.Attachment::close);
            return trouble(
                    troubles,
                    attached.map(attachment -> "the BPF program was attached to " + attachment.cgroup()
                                    + ", but sockets of this process do not carry the option: is the process in that control"
                                    + " group (cat /proc/self/cgroup), or does a program above it override?")
                            .orElse("the BPF program is not attached to the control group of this process, and "
                                    + refusal));
        } catch (IOException e) {
            attached.ifPresent(TcpOptionProgram.Attachment::close);
            return trouble(troubles, String.valueOf(e.getMessage()));
        }
    }

    private static Path cgroup(NegotiationSettings settings) throws IOException {
        Optional<Path> configured = settings.tcpOption().cgroup();
        return configured.isPresent()
                ? configured.get()
                : ControlGroups.own()
                        .orElseThrow(() -> new IOException(
                                "no version 2 control groups are mounted here: mount -t cgroup2 none /sys/fs/cgroup"));
    }

    private static OptionSupport trouble(List<String> troubles, String what) {
        String sentence = "the TCP option cannot be used, so peers get plain TCP: " + what;
        troubles.add(sentence);
        return new OptionSupport(Optional.empty(), sentence);
    }

    @Override
    public void close() {
        attachment.ifPresent(TcpOptionProgram.Attachment::close);
    }
}
