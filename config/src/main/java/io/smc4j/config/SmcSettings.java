package io.smc4j.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All settings of a node, as in {@code reference.conf}, which says what each of them means.
 *
 * @param transport transports that connections may use when the caller does not say
 * @param versions versions of SMC that are offered and accepted
 * @param sharedMemoryDirectory where software devices and the rendezvous keep their files
 * @param ueids own enterprise ids in order of preference, 1 to 4
 * @param hostName name told to peers; empty for the operating system's
 * @param negotiation how ends find out that the other speaks SMC
 * @param clc handshake times
 * @param llc link control times
 * @param smcR SMC-R
 * @param smcD SMC-D
 * @param linkGroup link groups
 * @param close the end of connections
 * @param idle how threads wait
 */
public record SmcSettings(
        TransportSetting transport,
        VersionSetting versions,
        Path sharedMemoryDirectory,
        List<String> ueids,
        Optional<String> hostName,
        NegotiationSettings negotiation,
        ClcSettings clc,
        LlcSettings llc,
        SmcRSettings smcR,
        SmcDSettings smcD,
        LinkGroupSettings linkGroup,
        CloseSettings close,
        IdleSettings idle) {

    /** The Pekko dispatcher for owners of completion queues: a thread each. */
    public static final String COMPLETION_QUEUE_DISPATCHER = "smc4j.completion-queue-dispatcher";

    /** The Pekko dispatcher of every other actor of smc4j. */
    public static final String CONTROL_DISPATCHER = "smc4j.control-dispatcher";

    /** The Pekko dispatcher for calls that may sleep in the kernel. */
    public static final String BLOCKING_DISPATCHER = "smc4j.blocking-dispatcher";

    public SmcSettings {
        ueids = List.copyOf(ueids);
    }

    /**
     * Reads and checks the block {@code smc4j}.
     *
     * @param root a whole configuration with the defaults of {@code reference.conf} in it, as {@code ConfigFactory.load()} or an
     *     actor system's {@code settings().config()} gives
     * @throws SettingsException with every problem found, if there is one
     */
    public static SmcSettings from(Config root) throws SettingsException {
        SettingsReader reader = new SettingsReader(root);
        SmcSettings settings = read(reader, reader.block("smc4j", true));
        reader.finish();
        return settings;
    }

    private static SmcSettings read(SettingsReader reader, SettingsBlock smc4j) {
        SmcSettings settings = new SmcSettings(
                smc4j.choice("transport", TransportSetting.class, TransportSetting::label),
                smc4j.choice("versions", VersionSetting.class, VersionSetting::label),
                smc4j.absolutePath("shared-memory-directory"),
                smc4j.strings("ueids", 1, 4, Ueids::isValid, Ueids.RULE),
                smc4j.optionalString("host-name", HostNames::isValid, HostNames.RULE),
                NegotiationSettings.read(smc4j.block("negotiation")),
                ClcSettings.read(smc4j.block("clc")),
                LlcSettings.read(smc4j.block("llc")),
                SmcRSettings.read(smc4j.block("smc-r")),
                SmcDSettings.read(smc4j.block("smc-d")),
                LinkGroupSettings.read(smc4j.block("link-group")),
                CloseSettings.read(smc4j.block("close")),
                IdleSettings.read(smc4j.block("idle")));
        for (String dispatcher : List.of(COMPLETION_QUEUE_DISPATCHER, CONTROL_DISPATCHER, BLOCKING_DISPATCHER)) {
            smc4j.foreign(dispatcher.substring("smc4j.".length()));
        }
        if (reader.sound()) { // else values are stand-ins, and comparing them would invent problems
            settings.checkTransport(smc4j);
        }
        return settings;
    }

    private void checkTransport(SettingsBlock smc4j) {
        if (transport == TransportSetting.SMC_R && !smcR.enabled()) {
            smc4j.problem("transport", "needs smc4j.smc-r.enabled = true", "enable SMC-R or choose auto");
        }
        if (transport == TransportSetting.SMC_D && !smcD.enabled()) {
            smc4j.problem("transport", "needs smc4j.smc-d.enabled = true", "enable SMC-D or choose auto");
        }
        if (transport == TransportSetting.SMC_D && !versions.allowsVersion2()) {
            smc4j.problem(
                    "versions",
                    "must allow version 2 for SMC-D: our ISM device has no address in version 1",
                    "write auto");
        }
    }
}
