package io.smc4j.rdma.disni;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.Availability.Unavailable;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Provider of {@code disni} devices: RoCE adapters with an IPv4 address, over jVerbs. They reach {@code disni} devices only.
 *
 * <p>Thread-safe.
 */
public final class DisniProvider implements RdmaProvider {
    private final Path sys;
    private final Supplier<@Nullable Unavailable> check;
    private final Supplier<Jverbs> verbs;

    /** For {@link java.util.ServiceLoader}. */
    public DisniProvider() {
        this(Path.of("/sys/class"), LibraryCheck::missing, DisniVerbs::new);
    }

    DisniProvider(Path sys, Supplier<@Nullable Unavailable> check, Supplier<Jverbs> verbs) {
        this.sys = sys;
        this.check = check;
        this.verbs = verbs;
    }

    @Override
    public String name() {
        return "disni";
    }

    @Override
    public Availability availability(DeviceOptions options) {
        Unavailable missing = check.get();
        if (missing != null) {
            return missing;
        }
        List<String> names = names();
        return names.isEmpty()
                ? new Unavailable(
                        "no RDMA adapter has an IPv4 address under RoCE v2",
                        "look at 'rdma link show'; the network interface of the adapter needs an IPv4 address")
                : new Availability.Available("libdisni with " + String.join(", ", names));
    }

    @Override
    public List<String> deviceNames(DeviceOptions options) {
        return check.get() == null ? names() : List.of();
    }

    private List<String> names() {
        return Adapter.all(sys).stream().map(Adapter::name).toList();
    }

    @Override
    public RdmaDevice open(String deviceName, DeviceOptions options) throws RdmaException {
        Unavailable missing = check.get();
        if (missing != null) {
            throw new RdmaException(Category.UNSUPPORTED, missing.reason() + ": " + missing.advice());
        }
        List<String> names = names();
        if (!names.contains(deviceName)) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "there is no RDMA device '" + deviceName + "' with an IPv4 address under RoCE v2; "
                            + (names.isEmpty() ? "there is none at all" : "there are " + String.join(", ", names)));
        }
        return DisniDevice.open(verbs.get(), new Adapter(sys, deviceName));
    }
}
