package io.smc4j.cli.dissect;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.dissect.capture.NotACaptureException;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Progress;
import io.smc4j.cli.output.Terminal;
import java.io.BufferedInputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smc4j dissect}. */
@Command(
        name = "dissect",
        header = "Show the SMC messages in a capture (pcap or pcapng), or in bytes given as hexadecimal.",
        description = {
            "Follows TCP for the SMC option and the CLC handshake, and RoCE for LLC and CDC messages and RDMA writes.",
            "Packets that cannot be read are reported and skipped."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j dissect -v smc.pcap              every field, and what it is for",
            "  smc4j dissect --summary smc.pcap       connections, and why TCP was used",
            "  smc4j dissect --filter clc,llc --filter qp=0x11 smc.pcap",
            "  tcpdump -w - 'tcp or udp port 4791' | smc4j dissect -",
            "  smc4j dissect -v --hex 0101fe06e2d4c3d9",
            "",
            "With --json, one object a line for each message, or one for the summary.",
            "Exit codes: 0 read, 1 --check found a byte that differs, 2 wrong arguments or no capture."
        })
public final class DissectCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final long WORTH_A_BAR = 2_000_000;

    private final CliContext context;
    private final InputStream standardInput;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Captures, pcap or pcapng; \"-\" is standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--hex",
            paramLabel = "HEX",
            description =
                    "One message as hexadecimal, instead of a capture; \"-\" reads one a line from standard input.")
    private List<String> hex = new ArrayList<>();

    @Option(
            names = {"-v", "--verbose"},
            description = "Print every field of every message, with its offset, and what the message is for.")
    private boolean verbose;

    @Option(
            names = "--filter",
            paramLabel = "FILTER",
            description = "Print only some messages: " + MessageFilter.SYNTAX
                    + ". Layer, queue pair and token must all match.")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--summary", description = "Print link groups and connections instead of messages.")
    private boolean summary;

    @Option(
            names = "--check",
            description = "Encode every message again; exit with 1 if a byte differs from the capture.")
    private boolean check;

    public DissectCommand(CliContext context) {
        this(context, System.in);
    }

    DissectCommand(CliContext context, InputStream standardInput) {
        this.context = context;
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() throws CliFailure {
        if (files.isEmpty() == hex.isEmpty()) {
            throw CliFailure.usage("give either captures or --hex, for example: smc4j dissect smc.pcap");
        }
        Dissection dissection = new Dissection(context.out(), context.err(), options());
        if (hex.isEmpty()) {
            for (String file : files) {
                capture(file, dissection);
            }
        } else {
            messages().forEach(dissection::message);
        }
        boolean same = dissection.finish();
        return same ? ExitCode.OK : ExitCode.FAILURE;
    }

    private Dissection.Options options() throws CliFailure {
        try {
            return new Dissection.Options(context.global().json(), verbose, summary, check, MessageFilter.of(filters));
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage(Why.of(e), e);
        }
    }

    private List<byte[]> messages() throws CliFailure {
        List<byte[]> messages = new ArrayList<>();
        try {
            for (String text : hex) {
                if (text.equals(STANDARD_INPUT)) {
                    messages.addAll(HexInput.lines(new InputStreamReader(standardInput, StandardCharsets.US_ASCII)));
                } else {
                    messages.add(HexInput.parse(text));
                }
            }
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage("--hex: " + e.getMessage(), e);
        } catch (IOException e) {
            throw CliFailure.usage("cannot read standard input: " + Why.of(e), e);
        }
        return messages;
    }

    private void capture(String file, Dissection dissection) throws CliFailure {
        boolean standard = file.equals(STANDARD_INPUT);
        String name = standard ? "standard input" : file;
        try {
            if (standard) {
                dissection.capture(new PromptInput(standardInput, dissection::flush), name, _ -> {});
                return;
            }
            Path path = Path.of(file);
            if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw CliFailure.usage("cannot read " + file + ": "
                        + (Files.exists(path) ? "it is not a readable file" : "there is no such file"));
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(path));
                    Progress progress = progress(Files.size(path))) {
                dissection.capture(in, name, progress::at);
            }
        } catch (InvalidPathException e) {
            throw CliFailure.usage("'" + file + "' is no file name", e);
        } catch (NotACaptureException e) {
            throw CliFailure.usage(Why.of(e), e);
        } catch (IOException e) {
            throw CliFailure.usage("cannot read " + name + ": " + Why.of(e), e);
        }
    }

    /** A bar where somebody is looking and no lines show the progress already. */
    private Progress progress(long size) {
        boolean linesOnTerminal = !summary
                && Optional.ofNullable(System.console())
                        .map(Console::isTerminal)
                        .orElse(false);
        return size < WORTH_A_BAR || linesOnTerminal
                ? Progress.ofBytes(context.err(), Terminal.none(), "", size)
                : context.progress("dissect", size);
    }
}
