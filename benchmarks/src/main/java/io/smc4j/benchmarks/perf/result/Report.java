package io.smc4j.benchmarks.perf.result;

import io.smc4j.cli.output.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that a run found out.
 *
 * @param about circumstances: machine, Java, date, command, settings, load; names and values
 * @param results figures
 * @param failures what could not be measured
 */
public record Report(Map<String, String> about, List<Result> results, List<Failure> failures) {
    /** Name of the circumstance that tells the load averages before the run. */
    public static final String LOAD = "load before";

    /** Name of the circumstance that tells what a run was too short for. */
    public static final String BRIEF = "warmed up briefly";

    private static final double QUIET = 1;

    /** Says that other programs ran when the run began, if they did: then its figures are theirs as much as smc4j's. */
    public Optional<String> warning() {
        String load = about.getOrDefault(LOAD, "");
        try {
            double lastMinute = Double.parseDouble(load.split(" ", 2)[0]);
            return lastMinute <= QUIET
                    ? Optional.empty()
                    : Optional.of("The machine was busy with something else (load average " + lastMinute
                            + " before the run): these figures say nothing about anybody's speed.");
        } catch (NumberFormatException _) {
            return Optional.empty(); // nobody knows
        }
    }

    /** How this run was too short for some figures to be what they become. */
    public Optional<String> caveat() {
        return Optional.ofNullable(about.get(BRIEF)).map(text -> "Warmed up briefly: " + text + ".");
    }

    /** The targets and what these results say about them. */
    public List<Ratio> ratios() {
        return Targets.judge(results);
    }

    /** A figure's median. */
    public Optional<Result> find(Key key) {
        return results.stream().filter(result -> result.key().equals(key)).findFirst();
    }

    public Json toJson() {
        Json circumstances = Json.object();
        about.forEach(circumstances::put);
        return Json.object()
                .put("about", circumstances)
                .put("results", results.stream().map(Result::toJson).toList())
                .put("ratios", ratios().stream().map(Ratio::toJson).toList())
                .put("failures", failures.stream().map(Failure::toJson).toList());
    }

    /** Reads what {@link #toJson} wrote; ratios are judged anew. @throws IllegalArgumentException if it is something else */
    public static Report fromJson(Json json) {
        Map<String, String> about = new java.util.LinkedHashMap<>();
        if (json.asMap().get("about") instanceof Map<?, ?> members) {
            members.forEach((name, value) -> about.put(String.valueOf(name), String.valueOf(value)));
        }
        return new Report(about, list(json, "results", Result::fromJson), list(json, "failures", Failure::fromJson));
    }

    private static <T> List<T> list(Json json, String name, Function<Json, T> element) {
        if (!(json.asMap().get(name) instanceof List<?> items)) {
            throw new IllegalArgumentException("no list '" + name + "'");
        }
        return items.stream().map(item -> element.apply(object(item, name))).toList();
    }

    private static Json object(Object item, String list) {
        if (!(item instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException("'" + list + "' holds something that is no object: " + item);
        }
        Json json = Json.object();
        members.forEach((name, value) -> json.put(String.valueOf(name), value));
        return json;
    }
}
