package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Provider of {@code ibverbs} devices: what libibverbs finds on this host, by its names ({@code mlx5_0}, {@code rxe0}).
 *
 * <p>Thread-safe. The library is loaded when it is first asked for, and stays.
 */
public final class IbVerbsProvider implements RdmaProvider {
    private static final String INSTALL =
            "install the verbs library (Debian, Ubuntu: libibverbs1 ibverbs-providers; Red Hat, SUSE: libibverbs)";

    private final Supplier<Verbs> library;

    /** For {@link java.util.ServiceLoader}. */
    public IbVerbsProvider() {
        this(() -> NativeVerbs.load(NativeVerbs.LIBRARY));
    }

    IbVerbsProvider(Supplier<Verbs> library) {
        this.library = library;
    }

    @Override
    public String name() {
        return "ibverbs";
    }

    @Override
    public Availability availability(DeviceOptions options) {
        try {
            Verbs verbs = load();
            String[] names = verbs.deviceNames();
            if (names.length == 0) {
                return new Availability.Unavailable(
                        NativeVerbs.LIBRARY + " finds no RDMA device",
                        "look at 'rdma link show' and 'ls /dev/infiniband'; the kernel modules ib_uverbs and the adapter's must be"
                                + " loaded, and the container must have /dev/infiniband. Without an adapter, software RoCE:"
                                + " modprobe rdma_rxe && rdma link add rxe0 type rxe netdev eth0");
            }
            return new Availability.Available(NativeVerbs.LIBRARY + " with " + String.join(", ", names));
        } catch (RdmaException e) {
            return new Availability.Unavailable(String.valueOf(e.getMessage()), INSTALL);
        }
    }

    @Override
    public List<String> deviceNames(DeviceOptions options) {
        try {
            return List.of(load().deviceNames());
        } catch (RdmaException e) {
            return List.of();
        }
    }

    @Override
    public RdmaDevice open(String deviceName, DeviceOptions options) throws RdmaException {
        Verbs verbs = load();
        List<String> names = Arrays.asList(verbs.deviceNames());
        if (!names.contains(deviceName)) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "there is no RDMA device '" + deviceName + "'; "
                            + (names.isEmpty() ? "libibverbs finds none" : "there are " + String.join(", ", names)));
        }
        return IbDevice.open(verbs, deviceName);
    }

    private Verbs load() throws RdmaException {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (!system.equals("linux") || !is64Bit()) {
            throw new RdmaException(Category.UNSUPPORTED, "ibverbs devices need 64-bit Linux");
        }
        try {
            return library.get();
        } catch (Symbols.MissingSymbolException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED, e.getMessage() + ": it is older than rdma-core 33, which smc4j needs", e);
        } catch (IllegalArgumentException | UnsatisfiedLinkError e) {
            throw new RdmaException(
                    Category.UNSUPPORTED, "the library " + NativeVerbs.LIBRARY + " is not installed", e);
        } catch (IllegalCallerException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "native access is off: start java with --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    private static boolean is64Bit() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64", "aarch64", "ppc64le", "s390x", "riscv64" -> true;
            default -> false;
        };
    }
}
