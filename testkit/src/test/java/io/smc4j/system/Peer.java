package io.smc4j.system;

import io.smc4j.BindOptions;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.process.ParentProcess;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A node in a JVM of its own, to be killed or measured. Arguments: shared memory, transport, and {@code listen}, {@code connect
 * PORT [CONNECTIONS]} (both then send and receive for ever) or {@code idle CONNECTIONS} (with itself) or {@code bare} (no node; both say their processor time on demand).
 */
final class Peer {
    private Peer() {}

    public static void main(String[] args) throws Exception {
        TransportPreference transport = TransportPreference.valueOf(args[1]);
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "peer", TestNodes.config(Path.of(args[0]), ""));
        if (args[2].equals("bare")) { // no node at all: what the process costs by itself
            sayCpu(List.of());
            return;
        }
        Smc smc = Smc.get(system);
        switch (args[2]) {
            case "listen" -> {
                ParentProcess.endTogether(line -> {});
                SmcServerChannel listener = TestNodes.await(smc.listen(TestNodes.anyPort()));
                ParentProcess.say("port " + listener.localAddress().getPort());
                transfer(TestNodes.await(listener.accept()));
            }
            case "connect" -> {
                ParentProcess.endTogether(line -> {});
                InetSocketAddress remote =
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[3]));
                int count = args.length > 4 ? Integer.parseInt(args[4]) : 1;
                for (int i = 0; i < count; i++) {
                    transfer(TestNodes.await(smc.connect(remote, TestNodes.options(transport))));
                }
            }
            case "idle" -> idle(smc, transport, Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException(args[2]);
        }
    }

    private static void transfer(SmcChannel channel) {
        Traffic.run(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            while (channel.read(buffer.clear()) >= 0) {
                // as fast as it comes
            }
            return null;
        });
        Traffic.run(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            while (true) {
                channel.write(buffer.clear());
            }
        });
        ParentProcess.say("transferring over " + channel.info().transport().label());
    }

    private static void idle(Smc smc, TransportPreference transport, int count) throws Exception {
        SmcServerChannel listener = TestNodes.await(
                smc.listen(TestNodes.anyPort(), BindOptions.defaults().withBacklog(count)));
        List<SmcChannel> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SmcChannel near = TestNodes.await(smc.connect(listener.localAddress(), TestNodes.options(transport)));
            SmcChannel far = TestNodes.await(listener.accept());
            near.write(ByteBuffer.allocate(10));
            far.read(ByteBuffer.allocate(10));
            open.add(near);
            open.add(far);
        }
        sayCpu(open);
    }

    private static void sayCpu(List<SmcChannel> open) {
        ParentProcess.endTogether(line -> ParentProcess.say("cpu " + cpuNanos() + " " + System.nanoTime() + " of "
                + open.size() + " ends over "
                + (open.isEmpty() ? "nothing" : open.get(0).info().transport().label())));
        ParentProcess.say("idle");
    }

    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
