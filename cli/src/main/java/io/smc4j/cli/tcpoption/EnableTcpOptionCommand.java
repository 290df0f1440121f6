package io.smc4j.cli.tcpoption;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.output.Json;
import io.smc4j.rdma.tcpoption.ControlGroups;
import io.smc4j.rdma.tcpoption.OptionProbe;
import io.smc4j.rdma.tcpoption.TcpOptionException;
import io.smc4j.rdma.tcpoption.TcpOptionProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code smc4j enable-tcp-option}: done once as root, so that applications need no privileges. */
@Command(
        name = "enable-tcp-option",
        header =
                "As root: let ordinary sockets carry the TCP option by which Linux and smc4j find out that both speak SMC.",
        description = {
            "Attaches a BPF program to a version 2 control group. For processes in it, sockets that ask for the option (smc4j's with"
                    + " negotiation strategy tcp-option) carry it; all other sockets and programs are as before.",
            "The program stays attached when this command has ended, until --disable or a reboot."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sudo smc4j enable-tcp-option                                   for all processes of this host",
            "  sudo smc4j enable-tcp-option --cgroup /sys/fs/cgroup/system.slice/my.service",
            "  smc4j enable-tcp-option --status                               whether it works for this process",
            "  sudo smc4j enable-tcp-option --disable",
            "%nExit code: 0 if done (with --status: if it works here), 1 if not, 2 if the arguments are wrong."
        })
public final class EnableTcpOptionCommand implements Callable<Integer> {
    private static final String DEFAULT_PIN = "/sys/fs/bpf/smc4j-tcp-option";

    private final CliContext context;

    @Option(
            names = "--cgroup",
            paramLabel = "PATH",
            description = "Control group whose processes are meant. Default: the root, so all of this host.")
    private @Nullable Path cgroup;

    @Option(
            names = "--pin",
            paramLabel = "FILE",
            description = "File in a bpf file system that keeps the program attached. Default: " + DEFAULT_PIN + ".")
    private Path pin = Path.of(DEFAULT_PIN);

    @ArgGroup
    private @Nullable Instead instead;

    private static final class Instead {
        @Option(
                names = "--foreground",
                description = "Attach for as long as this command runs; needs no bpf file system.")
        boolean foreground;

        @Option(names = "--status", description = "Only say whether it works for this process. Needs no privileges.")
        boolean status;

        @Option(names = "--disable", description = "Detach what an earlier call attached.")
        boolean disable;
    }

    public EnableTcpOptionCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure {
        Instead other = instead;
        try {
            if (other != null && other.status) {
                return status();
            } else if (other != null && other.disable) {
                return disable();
            }
            return enable(other != null && other.foreground);
        } catch (TcpOptionException | IOException e) {
            throw CliFailure.failed(String.valueOf(e.getMessage()), e);
        }
    }

    private int status() throws IOException {
        boolean works = OptionProbe.works();
        boolean kept = TcpOptionProgram.isKept(pin);
        context.result(
                Json.object().put("works", works).put("kept", kept),
                (works
                                ? "Sockets of this process can carry the TCP option."
                                : "Sockets of this process cannot carry the TCP option.")
                        + (kept ? " A program is kept attached by " + pin + "." : ""));
        return works ? ExitCode.OK : ExitCode.FAILURE;
    }

    private int disable() throws TcpOptionException {
        boolean removed = TcpOptionProgram.detach(pin);
        context.result(
                Json.object().put("removed", removed),
                removed ? "The program is detached; " + pin + " is gone." : "Nothing was attached by " + pin + ".");
        return ExitCode.OK;
    }

    private int enable(boolean foreground) throws TcpOptionException, IOException, CliFailure {
        Path group = cgroup;
        if (group == null) {
            group = ControlGroups.root()
                    .orElseThrow(() -> CliFailure.failed(
                            "no version 2 control groups are mounted here: mount -t cgroup2 none /sys/fs/cgroup"));
        }
        try (TcpOptionProgram.Attachment attachment = TcpOptionProgram.attach(group)) {
            if (!foreground) {
                attachment.keep(pin);
            }
            context.result(
                    Json.object().put("cgroup", group.toString()).put("pin", foreground ? "" : pin.toString()),
                    "Sockets of processes in " + group + " can carry the TCP option now, "
                            + (foreground
                                    ? "until this command ends."
                                    : "until 'smc4j enable-tcp-option --disable' or a reboot (" + pin + ")."));
            if (foreground) {
                awaitEnd();
            }
        }
        return ExitCode.OK;
    }

    /** A signal ends the JVM, and the kernel detaches the program with it. */
    private static void awaitEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
