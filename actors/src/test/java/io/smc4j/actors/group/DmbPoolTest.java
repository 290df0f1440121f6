package io.smc4j.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.ism.IsmSharedMemoryProvider;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DMBs that stay for the next connection, on both sides. */
class DmbPoolTest {
    private static final int SIZE = 1 << 16;

    @TempDir
    Path root;

    private final MemoryBudget budget = new MemoryBudget(100L * SIZE);
    private IsmDevice here;
    private IsmDevice there;
    private DmbPool own;
    private DmbPool peers;

    @BeforeEach
    void open() throws Exception {
        here = device();
        there = device();
        own = new DmbPool(here, budget, SIZE, Runnable::run);
        peers = new DmbPool(there, new MemoryBudget(0), SIZE, Runnable::run);
    }

    private IsmDevice device() throws Exception {
        return new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
    }

    @AfterEach
    void close() {
        done(own.close());
        done(peers.close());
        assertThat(budget.used()).isZero();
        there.close(); // throws if anything is still open
        here.close();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void shouldGiveTheNextConnectionTheSameDmbOnBothSides() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        own.giveBack(dmb, false);
        assertThat(own.renew("the peer still has it")).isNull();

        peers.detach(remote, dmb.token(), false);
        assertThat(own.renew("second")).isSameAs(dmb);
        assertThat(peers.renewed(dmb.token(), SIZE)).isSameAs(remote);
        assertThat(budget.used()).isEqualTo(SIZE);
    }

    @Test
    void shouldNotGiveAwayWhatIsStillInUseHere() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        peers.detach(remote, dmb.token(), false);
        own.giveBack(dmb, true);
        assertThat(own.renew("second")).isNull();
        dmb.close(); // in the end it is its user's
        budget.giveBack(SIZE);
    }

    @Test
    void shouldFreeWhatThePeerHasLeftForGood() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        own.giveBack(dmb, false);
        remote.close();
        assertThat(own.renew("second")).isNull();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldKeepOnlySoManyAndForgetThoseThatTheOwnerUnregistered() {
        for (int i = 0; i < 50; i++) {
            Dmb dmb = done(own.register("connection " + i));
            RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
            peers.detach(remote, dmb.token(), false);
            own.giveBack(dmb, false);
        }
        assertThat(budget.used()).isEqualTo(16L * SIZE);
    }

    @Test
    void shouldRefuseATokenOfAnotherSizeAndLetGoOfIt() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        peers.detach(remote, dmb.token(), false);
        own.giveBack(dmb, false);
        assertThat(own.renew("second")).isSameAs(dmb);
        assertThat(peers.renewed(dmb.token(), 2 * SIZE)).isNull();
        assertThat(dmb.isSpent()).isTrue();
    }
}
