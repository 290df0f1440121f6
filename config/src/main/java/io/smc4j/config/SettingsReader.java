package io.smc4j.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One reading of a configuration: collects problems, and remembers which keys were asked for so that it can name the others. */
final class SettingsReader {
    private final Config root;
    private final List<SettingsProblem> problems = new ArrayList<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> blocks = new LinkedHashSet<>();
    private final Set<String> foreignBlocks = new LinkedHashSet<>();

    SettingsReader(Config root) throws SettingsException {
        try {
            this.root = root.resolve();
        } catch (ConfigException e) {
            throw new SettingsException(List.of(new SettingsProblem(
                    "smc4j",
                    e.origin() == null ? "configuration" : describe(e.origin()),
                    "",
                    "has a substitution that cannot be resolved (" + e.getMessage() + ")",
                    "define what it refers to")));
        }
    }

    /** Whether nothing is wrong so far. */
    boolean sound() {
        return problems.isEmpty();
    }

    void add(SettingsProblem problem) {
        problems.add(problem);
    }

    /** Notes that {@code path} is a key that smc4j knows. @return its value, if there is one */
    Optional<ConfigValue> value(String path) {
        keys.add(path);
        return lookUp(path);
    }

    /** A block whose keys smc4j knows. If it is missing or no block, that is the one problem reported of it. */
    SettingsBlock block(String path, boolean parentPresent) {
        blocks.add(path);
        return new SettingsBlock(this, path, parentPresent && requireBlock(path));
    }

    /** A block whose keys are another library's. */
    void foreignBlock(String path, boolean parentPresent) {
        foreignBlocks.add(path);
        if (parentPresent) {
            requireBlock(path);
        }
    }

    private boolean requireBlock(String path) {
        Optional<ConfigValue> value = lookUp(path);
        if (value.isEmpty()) {
            problems.add(missing(path));
        } else if (!(value.get() instanceof ConfigObject)) {
            problems.add(new SettingsProblem(
                    path,
                    describe(value.get().origin()),
                    render(value.get()),
                    "must be a block of settings",
                    "write " + path + " { ... }"));
        }
        return value.isPresent() && value.get() instanceof ConfigObject;
    }

    Config config() {
        return root;
    }

    private Optional<ConfigValue> lookUp(String path) {
        return root.hasPath(path) ? Optional.of(root.getValue(path)) : Optional.empty();
    }

    /** Reports keys that nobody asked for. @throws SettingsException if there was any problem */
    void finish() throws SettingsException {
        lookUp("smc4j").ifPresent(value -> {
            if (value instanceof ConfigObject object) {
                reportUnknown("smc4j", object);
            }
        });
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private void reportUnknown(String path, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
            String child = path + "." + ConfigUtil.joinPath(entry.getKey());
            ConfigValue value = entry.getValue();
            if (blocks.contains(child)) {
                if (value instanceof ConfigObject inner) {
                    reportUnknown(child, inner);
                }
            } else if (!keys.contains(child) && !foreignBlocks.contains(child)) {
                problems.add(unknown(child, value));
            }
        }
    }

    private SettingsProblem unknown(String path, ConfigValue value) {
        Set<String> known = new LinkedHashSet<>(keys);
        known.addAll(blocks);
        known.addAll(foreignBlocks);
        String remedy = NearestKey.to(path, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("remove it; smc4j's reference.conf lists all keys");
        return new SettingsProblem(path, describe(value.origin()), render(value), "is not a setting of smc4j", remedy);
    }

    static SettingsProblem missing(String path) {
        return new SettingsProblem(
                path,
                "nowhere",
                "",
                "has no value",
                "set it, or load the configuration with ConfigFactory.load(), which adds smc4j's reference.conf");
    }

    /** File and line, or whatever the configuration library knows about the place. */
    static String describe(ConfigOrigin origin) {
        String file = origin.filename();
        return file != null && origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : origin.description();
    }

    static String render(ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise());
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
