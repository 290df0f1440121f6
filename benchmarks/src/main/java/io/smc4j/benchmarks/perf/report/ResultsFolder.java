package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder of results to be kept: results.json, results.csv, README.md, plots. */
public final class ResultsFolder {
    private static final String JSON = "results.json";

    private ResultsFolder() {}

    /** Writes all of it, over what was there. */
    public static void write(Path folder, Report report) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(JSON), lines(report));
        Files.writeString(folder.resolve("results.csv"), Csv.of(report));
        List<String> plots = Plots.write(folder.resolve("plots"), report);
        Files.writeString(folder.resolve("README.md"), MarkdownReport.full(report, plots));
    }

    /** Reads results.json. @throws IllegalArgumentException if it is not what {@link #write} wrote */
    public static Report read(Path json) throws IOException {
        return Report.fromJson(Json.parse(Files.readString(json)));
    }

    /** The report as JSON with a line for each figure, so that a new run changes lines and not one long line. */
    private static String lines(Report report) {
        StringBuilder text = new StringBuilder("{\n");
        String separator = "";
        for (Map.Entry<String, ?> member : report.toJson().asMap().entrySet()) {
            text.append(separator).append('"').append(member.getKey()).append("\": ");
            if (member.getValue() instanceof List<?> items) {
                text.append("[\n");
                String between = "";
                for (Object item : items) {
                    text.append(between).append(object(item));
                    between = ",\n";
                }
                text.append("\n]");
            } else {
                text.append(object(member.getValue()));
            }
            separator = ",\n";
        }
        return text.append("\n}\n").toString();
    }

    private static String object(Object value) {
        Json json = Json.object();
        if (value instanceof Map<?, ?> members) {
            members.forEach((name, member) -> json.put(String.valueOf(name), member));
        }
        return json.toString();
    }
}
