package io.smc4j.cli.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.smc4j.TransportPreference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every subcommand that opens or accepts connections. */
public final class TransportOptions {
    @Option(
            names = "--transport",
            paramLabel = "auto|smc-r|smc-d|tcp",
            description =
                    "What may carry the bytes; TCP always remains as the fallback. Default: the configuration's (auto).",
            converter = TransportConverter.class)
    private @Nullable TransportPreference transport;

    @Option(
            names = "--negotiation",
            paramLabel = "rendezvous|explicit|tcp-option",
            description = "How peers find out that both speak SMC. Default: the configuration's.",
            converter = NegotiationConverter.class)
    private @Nullable String negotiation;

    /** What was asked for, else what {@code config} says. */
    public TransportPreference transport(Config config) {
        TransportPreference asked = transport;
        if (asked != null) {
            return asked;
        }
        try {
            return new TransportConverter().convert(config.getString("smc4j.transport"));
        } catch (ConfigException _) {
            return TransportPreference.AUTO;
        }
    }

    /** The configuration keys these options stand for. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        String strategy = negotiation;
        if (strategy != null) {
            settings.put("smc4j.negotiation.strategy", strategy);
        }
        return settings;
    }

    /** {@code smc-r} and so on. */
    public static final class TransportConverter implements ITypeConverter<TransportPreference> {
        @Override
        public TransportPreference convert(String value) {
            for (TransportPreference preference : TransportPreference.values()) {
                if (preference.label().equals(value)) {
                    return preference;
                }
            }
            throw new TypeConversionException("expected one of "
                    + Arrays.stream(TransportPreference.values())
                            .map(TransportPreference::label)
                            .collect(Collectors.joining(", "))
                    + " but was '" + value + "'");
        }
    }

    /** Refuses strategies this version does not have before a node is started. */
    static final class NegotiationConverter implements ITypeConverter<String> {
        private static final List<String> STRATEGIES = List.of("rendezvous", "explicit", "tcp-option");

        @Override
        public String convert(String value) {
            if (!STRATEGIES.contains(value)) {
                throw new TypeConversionException(
                        "expected one of " + String.join(", ", STRATEGIES) + " but was '" + value + "'");
            }
            return value;
        }
    }
}
