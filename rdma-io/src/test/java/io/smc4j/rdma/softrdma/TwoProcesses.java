package io.smc4j.rdma.softrdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.VerbsNode;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** This process with a device, and a {@link SoftRdmaChild} connected to it over both ports. */
final class TwoProcesses implements AutoCloseable {
    final VerbsNode node;
    final ChildJvm child;
    final MemorySegment memory;
    final MemoryRegion region;
    final QueuePair[] queuePairs = new QueuePair[3];
    final SoftRdmaChild.Address[] peers = new SoftRdmaChild.Address[3];

    TwoProcesses(Path shared, String mode, String waiting) throws Exception {
        node = new VerbsNode(new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 2)));
        child = ChildJvm.start(SoftRdmaChild.class, shared, mode, waiting);
        memory = node.allocate(SoftRdmaChild.BUFFER + 2 * SoftRdmaChild.RECEIVES * SoftRdmaChild.SLOT);
        region = node.register(memory, true);
        for (int port = 1; port <= 2; port++) {
            peers[port] = SoftRdmaChild.Address.parse(child.line());
        }
        for (int port = 1; port <= 2; port++) {
            queuePairs[port] = node.createQueuePair();
            queuePairs[port].toInit(port);
            for (int i = 0; i < SoftRdmaChild.RECEIVES; i++) {
                SoftRdmaChild.receive(queuePairs[port], region, port, i);
            }
            child.tell(SoftRdmaChild.Address.of(node, port, queuePairs[port], region)
                    .format());
        }
        assertThat(child.line()).isEqualTo("ready");
        for (int port = 1; port <= 2; port++) {
            peers[port].connect(queuePairs[port]);
        }
    }

    /** Posts a write of part of {@link #memory} to the same place in the child's. */
    int write(int port, long id, int flags, long offset, int length) {
        return queuePairs[port].postSend(node.request
                .write(id, peers[port].memory() + offset, peers[port].key(), flags)
                .gather(region.address() + offset, length, region.localKey()));
    }

    int send(int port, long id, int flags, int length) {
        return queuePairs[port].postSend(
                node.request.send(id, flags).gather(region.address(), length, region.localKey()));
    }

    @Override
    public void close() throws Exception {
        child.close();
        node.close();
    }
}
