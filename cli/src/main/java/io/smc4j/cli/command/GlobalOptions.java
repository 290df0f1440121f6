package io.smc4j.cli.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.Why;
import io.smc4j.config.SettingsException;
import io.smc4j.config.SettingsProblem;
import io.smc4j.config.SmcSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options every subcommand takes, before or behind its name. */
public final class GlobalOptions {
    private static final String DEBUG = "--debug";
    private static final String CONFIG = "--config=";
    private static final String OVERRIDE = "-D";

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print results as JSON.")
    private boolean json;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Log what happens to standard error, and show stack traces.")
    private boolean debug;

    @Option(
            names = {"-c", "--config"},
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Configuration file (HOCON) with smc4j.* keys.")
    private @Nullable Path config;

    @Option(
            names = "-D",
            scope = ScopeType.INHERIT,
            paramLabel = "KEY=VALUE",
            description = "Sets one configuration key; wins over the file.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    public boolean json() {
        return json;
    }

    public boolean debug() {
        return debug;
    }

    /**
     * The options that {@link #asArguments} made these arguments of, for a process that has no other options of people: reading them
     * takes no time.
     *
     * @throws IllegalArgumentException for any other argument
     */
    public static GlobalOptions ofArguments(List<String> arguments) {
        GlobalOptions options = new GlobalOptions();
        for (String argument : arguments) {
            if (argument.equals(DEBUG)) {
                options.debug = true;
            } else if (argument.startsWith(CONFIG)) {
                options.config = Path.of(argument.substring(CONFIG.length()));
            } else if (argument.startsWith(OVERRIDE) && argument.indexOf('=') > OVERRIDE.length()) {
                int equals = argument.indexOf('=');
                options.overrides.put(argument.substring(OVERRIDE.length(), equals), argument.substring(equals + 1));
            } else {
                throw new IllegalArgumentException("not an option for every command: " + argument);
            }
        }
        return options;
    }

    /** The arguments that give another process the same options. */
    public List<String> asArguments() {
        List<String> arguments = new ArrayList<>();
        if (debug) {
            arguments.add(DEBUG);
        }
        Path file = config;
        if (file != null) {
            arguments.add(CONFIG + file.toAbsolutePath());
        }
        overrides.forEach((key, value) -> arguments.add(OVERRIDE + key + "=" + value));
        return arguments;
    }

    /**
     * The configuration: {@code forced} settings, then {@code -D}, then the file, then what is on the class path.
     *
     * @throws CliFailure if the file cannot be read or parsed, or a key does not belong to smc4j
     */
    public Config load(Map<String, ?> forced) throws CliFailure {
        Config result = ConfigFactory.parseMap(forced, "command line options");
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            result = result.withFallback(parseOverride(override.getKey(), override.getValue()));
        }
        Path file = config;
        if (file != null) {
            result = result.withFallback(parseFile(file));
        }
        try {
            Config loaded =
                    ConfigFactory.load(result.withFallback(ConfigFactory.parseResources("io/smc4j/cli/cli.conf")));
            SmcSettings.from(loaded); // here, where a wrong value is still the user's and not a node that failed
            return loaded;
        } catch (SettingsException e) {
            String problems =
                    e.problems().stream().map(SettingsProblem::toString).collect(Collectors.joining("; "));
            throw CliFailure.usage("wrong configuration: " + problems, e);
        } catch (ConfigException e) {
            throw CliFailure.usage("the configuration is not usable: " + Why.of(e), e);
        }
    }

    private static Config parseFile(Path file) throws CliFailure {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw CliFailure.usage("cannot read configuration file " + file + ": "
                    + (Files.exists(file) ? "it is not a readable file" : "there is no such file"));
        }
        try {
            return ConfigFactory.parseFile(file.toFile());
        } catch (ConfigException e) {
            throw CliFailure.usage("configuration file " + file + " is not valid HOCON: " + Why.of(e), e);
        }
    }

    private static Config parseOverride(String key, String value) throws CliFailure {
        if (!key.startsWith("smc4j.")) {
            throw CliFailure.usage(
                    "-D" + key + ": only keys under smc4j can be set, for example -Dsmc4j.negotiation=explicit");
        }
        try {
            ConfigUtil.splitPath(key);
        } catch (ConfigException e) {
            throw CliFailure.usage("-D" + key + " is not a configuration key", e);
        }
        try {
            return ConfigFactory.parseString(
                    key + " = " + value, ConfigParseOptions.defaults().setOriginDescription("-D" + key));
        } catch (ConfigException _) {
            // Not HOCON by itself (an address with a colon, say): take it as text.
            return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, "-D" + key));
        }
    }
}
