package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.VerbsNode;
import io.smc4j.rdma.WorkCompletion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The other process of tests and measurements: a device with a queue pair on each of two ports, that answers each message with a
 * write of 64 bytes and a message, or only takes what comes.
 *
 * <p>Arguments: shared memory directory, {@code echo|sink}, {@code spin|await}. Prints its {@link Address} twice (port 1, port 2),
 * reads the parent's twice, prints {@code ready}; then takes {@code down PORT}, {@code up PORT} and {@code exit}.
 */
final class SoftRdmaChild {
    static final int BUFFER = 1 << 20;
    static final int RECEIVES = 48;
    static final int SLOT = 64;
    static final int PSN = 77;

    private SoftRdmaChild() {}

    /** What the other side needs to know of a queue pair and its memory. */
    record Address(RdmaGid gid, long mac, int queuePair, long memory, int key) {
        static Address of(VerbsNode node, int port, QueuePair queuePair, MemoryRegion region) {
            PortInfo info = node.device.port(port);
            return new Address(info.gid(), info.mac(), queuePair.number(), region.address(), region.remoteKey());
        }

        String format() {
            return gid.high() + " " + gid.low() + " " + mac + " " + queuePair + " " + memory + " " + key;
        }

        static Address parse(String line) {
            String[] f = line.split(" ", -1);
            RdmaGid gid = new RdmaGid(Long.parseLong(f[0]), Long.parseLong(f[1]));
            return new Address(
                    gid, Long.parseLong(f[2]), Integer.parseInt(f[3]), Long.parseLong(f[4]), Integer.parseInt(f[5]));
        }

        void connect(QueuePair from) throws RdmaException {
            PortInfo info = new PortInfo(1, PortState.ACTIVE, gid, mac, 1024);
            from.toRtr(VerbsNode.towards(info, queuePair, PSN));
            from.toRts(RtsAttributes.linux(PSN));
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        boolean echo = arguments[1].equals("echo");
        boolean spin = arguments[2].equals("spin");
        SoftRdmaDevice device =
                (SoftRdmaDevice) new SoftRdmaProvider().open("soft0", new DeviceOptions(Path.of(arguments[0]), 2));
        try (VerbsNode node = new VerbsNode(device)) {
            MemorySegment memory = node.allocate(BUFFER + RECEIVES * 2 * SLOT);
            MemoryRegion region = node.register(memory, true);
            QueuePair[] queuePairs = new QueuePair[3];
            for (int port = 1; port <= 2; port++) {
                queuePairs[port] = node.createQueuePair();
                queuePairs[port].toInit(port);
                for (int i = 0; i < RECEIVES; i++) {
                    receive(queuePairs[port], region, port, i);
                }
                System.out.println(
                        Address.of(node, port, queuePairs[port], region).format());
            }
            Address[] peers = new Address[3];
            for (int port = 1; port <= 2; port++) {
                peers[port] = Address.parse(input.readLine());
                peers[port].connect(queuePairs[port]);
            }
            System.out.println("ready");
            Thread owner = Thread.ofPlatform().start(() -> serve(node, region, queuePairs, peers, echo, spin));
            obey(input, device);
            owner.interrupt();
            node.queue.wakeUp();
            owner.join();
        }
    }

    private static void obey(BufferedReader input, SoftRdmaDevice device) throws IOException {
        for (String line = input.readLine(); line != null && !line.equals("exit"); line = input.readLine()) {
            String[] words = line.split(" ", -1);
            device.setPortState(Integer.parseInt(words[1]), words[0].equals("up") ? PortState.ACTIVE : PortState.DOWN);
            System.out.println("done");
        }
    }

    private static void serve(
            VerbsNode node, MemoryRegion region, QueuePair[] queuePairs, Address[] peers, boolean echo, boolean spin) {
        while (!Thread.currentThread().isInterrupted()) {
            if (!spin) {
                node.queue.arm();
            }
            if (node.poll() == 0) {
                if (!spin) {
                    node.queue.await(1_000_000_000);
                }
                continue;
            }
            for (WorkCompletion completion : node.completions) {
                if (completion.receive() && completion.status() == CompletionStatus.SUCCESS) {
                    int port = (int) (completion.id() / RECEIVES);
                    receive(queuePairs[port], region, port, (int) (completion.id() % RECEIVES));
                    if (echo) {
                        answer(node, region, queuePairs[port], peers[port]);
                    }
                }
            }
            node.completions.clear();
        }
    }

    private static void answer(VerbsNode node, MemoryRegion region, QueuePair queuePair, Address peer) {
        SendWorkRequest request = node.request;
        queuePair.postSend(
                request.write(0, peer.memory(), peer.key(), 0).gather(region.address(), 64, region.localKey()));
        queuePair.postSend(request.send(0, SendWorkRequest.SIGNALED | SendWorkRequest.INLINE)
                .gather(region.address(), 44, 0));
    }

    static void receive(QueuePair queuePair, MemoryRegion region, int port, int slot) {
        long at = region.address() + BUFFER + (long) ((port - 1) * RECEIVES + slot) * SLOT;
        queuePair.postReceive((long) port * RECEIVES + slot, at, SLOT, region.localKey());
    }
}
