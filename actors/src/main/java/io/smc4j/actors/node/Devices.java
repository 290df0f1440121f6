package io.smc4j.actors.node;

import io.smc4j.actors.queue.DeviceContext;
import io.smc4j.config.SmcSettings;
import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmProvider;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaProvider;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What could be opened on this machine.
 *
 * @param rdma RDMA devices with protection domain and completion queue
 * @param ism the ISM device
 * @param rendezvous our node in shared memory, for listeners and clients to find each other
 * @param option whether sockets can carry the TCP option
 * @param troubles what was configured and could not be opened, a sentence each
 */
public record Devices(
        List<DeviceContext> rdma,
        Optional<IsmDevice> ism,
        Optional<SharedNode> rendezvous,
        OptionSupport option,
        List<String> troubles) {
    /** As many as Linux has per device. */
    private static final int COMPLETIONS = 32766;

    private static final int RENDEZVOUS_NODE_BYTES = 4096;

    public Devices {
        rdma = List.copyOf(rdma);
        troubles = List.copyOf(troubles);
    }

    /** Opens what the settings name; what cannot be opened is left out and said. Blocking threads only. */
    public static Devices open(SmcSettings settings) {
        return open(settings, DeviceDecorator.NONE);
    }

    /** As {@link #open(SmcSettings)}, with each device decorated before it is used. */
    public static Devices open(SmcSettings settings, DeviceDecorator decorator) {
        List<String> troubles = new ArrayList<>();
        return new Devices(
                rdma(settings, decorator, troubles),
                ism(settings, troubles).map(decorator::decorate),
                rendezvous(settings, troubles),
                OptionSupport.open(settings.negotiation(), troubles),
                troubles);
    }

    private static DeviceOptions options(SmcSettings settings) {
        return new DeviceOptions(
                settings.sharedMemoryDirectory(), settings.smcR().ports());
    }

    private static List<DeviceContext> rdma(SmcSettings settings, DeviceDecorator decorator, List<String> troubles) {
        List<DeviceContext> opened = new ArrayList<>();
        if (!settings.smcR().enabled()) {
            return opened;
        }
        DeviceOptions options = options(settings);
        Optional<RdmaProvider> provider = ServiceLoader.load(RdmaProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(settings.smcR().provider()))
                .findFirst();
        if (provider.isEmpty()) {
            troubles.add(
                    "SMC-R is off: no provider is called '" + settings.smcR().provider() + "' (smc4j.smc-r.provider)");
            return opened;
        }
        if (provider.get().availability(options) instanceof Availability.Unavailable no) {
            troubles.add("SMC-R is off: " + no.reason() + "; " + no.advice());
            return opened;
        }
        for (String name : settings.smcR().devices()) {
            try {
                opened.add(DeviceContext.open(decorator.decorate(provider.get().open(name, options)), COMPLETIONS));
            } catch (RdmaException e) {
                troubles.add("RDMA device " + name + " is not used: " + e.getMessage());
            }
        }
        return opened;
    }

    private static Optional<IsmDevice> ism(SmcSettings settings, List<String> troubles) {
        if (!settings.smcD().enabled()) {
            return Optional.empty();
        }
        DeviceOptions options = options(settings);
        for (IsmProvider provider : ServiceLoader.load(IsmProvider.class)) {
            if (!provider.name().equals(settings.smcD().provider())) {
                continue;
            }
            if (provider.availability(options) instanceof Availability.Unavailable no) {
                troubles.add("SMC-D is off: " + no.reason() + "; " + no.advice());
                return Optional.empty();
            }
            try {
                return Optional.of(provider.open(options));
            } catch (RdmaException e) {
                troubles.add("SMC-D is off: " + e.getMessage());
                return Optional.empty();
            }
        }
        troubles.add("SMC-D is off: no provider is called '" + settings.smcD().provider() + "' (smc4j.smc-d.provider)");
        return Optional.empty();
    }

    private static Optional<SharedNode> rendezvous(SmcSettings settings, List<String> troubles) {
        try {
            return Optional.of(
                    SharedNode.open(SharedDirectory.open(settings.sharedMemoryDirectory()), RENDEZVOUS_NODE_BYTES));
        } catch (RdmaException e) {
            troubles.add("rendezvous is not possible: " + e.getMessage());
            return Optional.empty();
        }
    }
}
