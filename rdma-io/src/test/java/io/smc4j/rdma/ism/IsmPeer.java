package io.smc4j.rdma.ism;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.IsmPingPong;
import io.smc4j.rdma.RemoteDmb;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The other process: prints its device and DMB, reads ours, and echoes. As a program of its own, with a directory as argument,
 * it measures round trips against a child.
 */
final class IsmPeer {
    static final int SIZE = 65_536;

    private IsmPeer() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            measure(Path.of(args[0]));
            return;
        }
        try (IsmDevice device = new IsmSharedMemoryProvider().open(new DeviceOptions(Path.of(args[0]), 1));
                Dmb in = device.register(SIZE, "in")) {
            System.out.println(describe(device, in));
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (RemoteDmb out = attach(device, input.readLine())) {
                System.out.println("attached");
                IsmPingPong.echo(in, out, Integer.parseInt(args[1]), IsmPingPong.Wait.valueOf(args[2]));
            }
        }
    }

    /** Tells the child about our DMB, and attaches to its one. */
    static RemoteDmb exchange(IsmDevice device, Dmb in, ChildJvm child) throws Exception {
        RemoteDmb out = attach(device, child.line());
        child.tell(describe(device, in));
        child.line();
        return out;
    }

    private static String describe(IsmDevice device, Dmb dmb) {
        return device.gid().gid() + " " + device.gid().extension() + " " + dmb.token();
    }

    private static RemoteDmb attach(IsmDevice device, String description) throws Exception {
        String[] words = description.split(" ", -1);
        IsmGid gid = new IsmGid(Long.parseLong(words[0]), Long.parseLong(words[1]));
        return device.attach(gid, Long.parseLong(words[2]), SIZE);
    }

    private static void measure(Path root) throws Exception {
        for (IsmPingPong.Wait wait : IsmPingPong.Wait.values()) {
            int rounds = wait == IsmPingPong.Wait.SPIN ? 5_000_000 : 300_000;
            try (IsmDevice device = new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
                    ChildJvm child = ChildJvm.start(IsmPeer.class, root, rounds * 2, wait);
                    Dmb in = device.register(SIZE, "in");
                    RemoteDmb out = exchange(device, in, child)) {
                IsmPingPong.serve(out, in, rounds, wait);
                long start = System.nanoTime();
                IsmPingPong.serve(out, in, rounds, rounds * 2, wait);
                System.out.printf("%s: %d ns a round trip%n", wait, (System.nanoTime() - start) / rounds);
            }
        }
    }
}
