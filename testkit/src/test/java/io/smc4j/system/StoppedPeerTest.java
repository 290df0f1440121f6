package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import io.smc4j.testkit.faults.FaultKind;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.process.ChildJvm;
import io.smc4j.testkit.process.FaultyProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that lives and does nothing any more ({@code SIGSTOP}) is a failed link, as one that died. */
@Timeout(90)
class StoppedPeerTest {
    @Test
    void shouldFailConnectionsToAPeerThatHangs() throws Exception {
        FaultLog log = new FaultLog();
        try (TestNodes nodes = TestNodes.start("smc4j.llc.test-link-interval = 1 s");
                ChildJvm peer = ChildJvm.of(Peer.class)
                        .arguments(nodes.sharedMemory.toString(), TransportPreference.SMC_R.name(), "listen")
                        .start()) {
            FaultyProcess faulty = new FaultyProcess(peer, log);
            int port = Integer.parseInt(peer.awaitLine("port ", PATIENCE).split(" ", 2)[1]);
            SmcChannel channel = await(nodes.client.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    TestNodes.options(TransportPreference.SMC_R)));
            CompletableFuture<SmcException> reading = Traffic.run(() -> Traffic.failureOfReading(channel));
            Awaitility.await().atMost(PATIENCE).until(() -> channel.info().bytesRead() > 1_000_000);

            faulty.stop();
            assertThat(await(reading).category()).isEqualTo(SmcException.Category.RECONNECT);
            faulty.goOn();
            faulty.kill();
            // Nobody has anything to do with it any more, so its files go when the directory is opened next.
            SharedNode.open(SharedDirectory.open(nodes.sharedMemory), 64).close();

            assertThat(log.counts())
                    .containsOnlyKeys(FaultKind.PROCESS_STOPPED, FaultKind.PROCESS_CONTINUED, FaultKind.PROCESS_KILLED);
        }
    }
}
