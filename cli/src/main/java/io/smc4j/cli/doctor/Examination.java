package io.smc4j.cli.doctor;

import com.typesafe.config.Config;
import io.smc4j.cli.doctor.Finding.Kind;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.config.SettingsException;
import io.smc4j.config.SmcSettings;
import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.IsmProvider;
import io.smc4j.rdma.RdmaProvider;
import io.smc4j.rdma.tcpoption.Capabilities;
import io.smc4j.rdma.tcpoption.ControlGroups;
import io.smc4j.rdma.tcpoption.OptionProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;

/** Looks at this machine through the eyes of a configuration. Opens nothing and leaves nothing behind. */
final class Examination {
    private final SmcSettings settings;
    private final DeviceOptions options;

    private Examination(SmcSettings settings) {
        this.settings = settings;
        this.options = new DeviceOptions(
                settings.sharedMemoryDirectory(), settings.smcR().ports());
    }

    /** @throws CliFailure if the configuration is wrong */
    static Examination of(Config config) throws CliFailure {
        try {
            return new Examination(SmcSettings.from(config));
        } catch (SettingsException e) {
            throw CliFailure.usage("wrong configuration: " + e.getMessage(), e);
        }
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(new PlatformCheck(settings.sharedMemoryDirectory()).findings());
        findings.addAll(
                devices(RdmaProvider.class, Kind.SMC_R_DEVICE, RdmaProvider::name, p -> p.availability(options)));
        findings.addAll(devices(IsmProvider.class, Kind.SMC_D_DEVICE, IsmProvider::name, p -> p.availability(options)));
        findings.addAll(strategies(findings));
        return findings;
    }

    private static <T> List<Finding> devices(
            Class<T> service, Kind kind, Function<T, String> name, Function<T, Availability> availability) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (T provider : ServiceLoader.load(service, Examination.class.getClassLoader())) {
                findings.add(
                        switch (availability.apply(provider)) {
                            case Availability.Available(String detail) ->
                                Finding.works(kind, name.apply(provider), detail);
                            case Availability.Unavailable(String reason, String advice) ->
                                Finding.fails(kind, name.apply(provider), reason, advice);
                        });
            }
        } catch (ServiceConfigurationError e) {
            findings.add(Finding.fails(
                    kind,
                    service.getSimpleName(),
                    "a provider on the class path is broken: " + e.getMessage(),
                    "remove or repair it"));
        }
        return findings;
    }

    private List<Finding> strategies(List<Finding> found) {
        String inUse = " (in use)";
        String configured = settings.negotiation().strategy().label();
        boolean memory = found.stream().anyMatch(finding -> finding.kind() == Kind.SMC_D_DEVICE && finding.ok());
        Finding rendezvous = memory
                ? Finding.works(
                        Kind.NEGOTIATION,
                        "rendezvous",
                        "clients find listeners on this host" + (configured.equals("rendezvous") ? inUse : ""))
                : Finding.fails(
                        Kind.NEGOTIATION,
                        "rendezvous",
                        "it needs the shared memory that the devices above miss",
                        "see there, or use --negotiation explicit");
        return List.of(
                rendezvous,
                Finding.works(
                        Kind.NEGOTIATION,
                        "explicit",
                        "every server must be smc4j; works everywhere" + (configured.equals("explicit") ? inUse : "")),
                tcpOption(configured.equals("tcp-option") ? inUse : ""));
    }

    private static Finding tcpOption(String inUse) {
        String works = "by TCP option, as Linux does it; the program for it is attached";
        try {
            if (OptionProbe.works()) {
                return Finding.works(Kind.NEGOTIATION, "tcp-option", works + inUse);
            }
            List<String> missing = Capabilities.missing();
            if (ControlGroups.own().isEmpty()) {
                return Finding.fails(
                        Kind.NEGOTIATION,
                        "tcp-option",
                        "no version 2 control groups are mounted here",
                        "mount -t cgroup2 none /sys/fs/cgroup");
            }
            return missing.isEmpty()
                    ? Finding.works(
                            Kind.NEGOTIATION,
                            "tcp-option",
                            "by TCP option, as Linux does it; a node can attach the program for it" + inUse)
                    : Finding.fails(
                            Kind.NEGOTIATION,
                            "tcp-option",
                            "the program for it is not attached, and this process may not attach it: it has no "
                                    + String.join(", no ", missing),
                            "have root run 'smc4j enable-tcp-option' once");
        } catch (IOException e) {
            return Finding.fails(
                    Kind.NEGOTIATION, "tcp-option", "it could not be tried: " + e.getMessage(), "look at that first");
        }
    }
}
