package io.smc4j.testkit.faults;

import io.smc4j.actors.node.DeviceDecorator;
import io.smc4j.actors.node.DeviceSetup;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.RdmaDevice;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * The devices of a node, with faults. An actor system that is created with {@link #setup} has its SMC node use them:
 *
 * <pre>{@code
 * FaultyDevices devices = new FaultyDevices("client", new FaultLog(), System::nanoTime);
 * ActorSystem<Void> system = ActorSystem.create(
 *         Behaviors.empty(), "client", ActorSystemSetup.create(BootstrapSetup.create(config), devices.setup()));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class FaultyDevices {
    private final String node;
    private final FaultLog log;
    private final LongSupplier clock;
    private final FaultScript script = new FaultScript();
    private final List<FaultyDevice> rdma = new CopyOnWriteArrayList<>();
    private final List<FaultyIsmDevice> ism = new CopyOnWriteArrayList<>();

    /**
     * @param node its name in the log
     * @param log where faults are written down
     * @param clock monotonic nanoseconds, for delays
     */
    public FaultyDevices(String node, FaultLog log, LongSupplier clock) {
        this.node = node;
        this.log = log;
        this.clock = clock;
    }

    /** What an actor system is created with. */
    public DeviceSetup setup() {
        return new DeviceSetup(decorator());
    }

    /** The decoration itself. */
    public DeviceDecorator decorator() {
        return decorator(DeviceDecorator.NONE);
    }

    /** The decoration around another one, such as a ledger's, which sees what really happens to the device. */
    public DeviceDecorator decorator(DeviceDecorator inner) {
        return new DeviceDecorator() {
            @Override
            public RdmaDevice decorate(RdmaDevice device) {
                FaultyDevice faulty = new FaultyDevice(FaultyDevices.this, inner.decorate(device));
                rdma.add(faulty);
                return faulty;
            }

            @Override
            public IsmDevice decorate(IsmDevice device) {
                FaultyIsmDevice faulty = new FaultyIsmDevice(FaultyDevices.this, inner.decorate(device));
                ism.add(faulty);
                return faulty;
            }
        };
    }

    /** Faults by script, and by seed, for all devices of the node; may be filled before they are opened. */
    public FaultScript script() {
        return script;
    }

    /** The node's first RDMA device. @throws IllegalStateException if none is open yet */
    public FaultyDevice rdma() {
        return rdma.stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "node " + node + " has opened no RDMA device; wait for Smc.portControl() first"));
    }

    /** The node's RDMA device with a name. */
    public FaultyDevice rdma(String name) {
        return rdma.stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + node + " has no RDMA device " + name));
    }

    /** The node's ISM device. @throws IllegalStateException if it is not open yet */
    public FaultyIsmDevice ism() {
        return ism.stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "node " + node + " has opened no ISM device; wait for Smc.portControl() first"));
    }

    public FaultLog log() {
        return log;
    }

    public String node() {
        return node;
    }

    /** Calls all faults off and lets everything go. Devices that were removed and ports that are down stay so. */
    public void heal() {
        script.cancelAll();
        wakeUp();
    }

    /** Lets the devices look at their clock, after it was moved. */
    public void wakeUp() {
        rdma.forEach(FaultyDevice::wakeUp);
        ism.forEach(FaultyIsmDevice::wakeUp);
    }

    long now() {
        return clock.getAsLong();
    }

    void record(FaultKind kind, String target, String detail) {
        log.record(kind, node, target, detail);
    }
}
