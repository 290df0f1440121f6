package io.smc4j.cli.doctor;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.doctor.Finding.Kind;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Table;
import io.smc4j.cli.output.Table.Align;
import io.smc4j.cli.output.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code smc4j doctor}. */
@Command(
        name = "doctor",
        header = "Say which devices and negotiation strategies work here, and why the others do not.",
        footerHeading = "%nExit code: 0 if a connection over SMC is possible here, 1 if only TCP is.%n")
public final class DoctorCommand implements Callable<Integer> {
    private final CliContext context;

    public DoctorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure {
        List<Finding> findings = Examination.of(context.load(Map.of())).findings();
        boolean smc = works(findings, Kind.SMC_R_DEVICE) || works(findings, Kind.SMC_D_DEVICE);
        Json json = Json.object()
                .put("smcR", works(findings, Kind.SMC_R_DEVICE))
                .put("smcD", works(findings, Kind.SMC_D_DEVICE))
                .put("findings", findings.stream().map(Finding::json).toList());
        context.result(json, text(findings, smc));
        return smc ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static boolean works(List<Finding> findings, Kind kind) {
        return findings.stream().anyMatch(finding -> finding.kind() == kind && finding.ok());
    }

    private static String text(List<Finding> findings, boolean smc) {
        Table table = new Table()
                .column("works", Align.LEFT)
                .column("what", Align.LEFT)
                .column("name", Align.LEFT)
                .column("found", Align.LEFT);
        for (Finding finding : findings) {
            List<String> detail = Text.wrap("", finding.detail(), 41);
            table.row(finding.ok() ? "ok" : "no", finding.kind().label(), finding.name(), detail.getFirst());
            detail.stream().skip(1).forEach(line -> table.row("", "", "", line));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        for (Finding finding : findings) {
            if (!finding.ok()) {
                lines.addAll(Text.wrap(finding.name() + ": ", finding.advice(), Text.COLUMNS));
            }
        }
        lines.add("");
        lines.add(smc ? "Connections over SMC are possible here." : "Only TCP is possible here.");
        return String.join(System.lineSeparator(), lines);
    }
}
