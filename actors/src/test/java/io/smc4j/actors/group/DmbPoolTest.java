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
        own.giveBack(dmb);
        assertThat(own.renew("the peer still has it")).isNull();

        peers.giveBack(remote, dmb.token());
        assertThat(own.renew("second")).isSameAs(dmb);
        assertThat(peers.renewed(dmb.token(), SIZE)).isSameAs(remote);
        assertThat(budget.used()).isEqualTo(SIZE);
    }

    @Test
    void shouldNotGiveAwayWhatIsStillInUseHere() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        peers.giveBack(remote, dmb.token());
        own.forget(dmb);
        assertThat(own.renew("second")).isNull();
        dmb.close(); // in the end it is its user's
        budget.giveBack(SIZE);
    }

    @Test
    void shouldFreeWhatThePeerHasLeftForGood() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        own.giveBack(dmb);
        remote.close();
        assertThat(own.renew("second")).isNull();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldKeepOnlySoManyAndForgetThoseThatTheOwnerUnregistered() {
        for (int i = 0; i < 50; i++) {
            Dmb dmb = done(own.register("connection " + i));
            RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
            peers.giveBack(remote, dmb.token());
            own.giveBack(dmb);
        }
        assertThat(budget.used()).isEqualTo(16L * SIZE);
    }

    @Test
    void shouldNotKeepWhatNoPeerHasTakenUp() {
        Dmb dmb = done(own.register("its handshake failed"));
        own.giveBack(dmb);
        assertThat(budget.used()).isZero();

        Dmb again = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), again.token(), SIZE));
        own.giveBack(again);
        peers.giveBack(remote, again.token());
        assertThat(own.renew("the handshake that offers it again fails")).isSameAs(again);
        own.giveBack(again);
        assertThat(budget.used()).isZero();
        assertThat(peers.renewed(again.token(), SIZE)).isNull();
    }

    @Test
    void shouldKeepNothingWhileHalfOfTheMemoryIsInUse() {
        assertThat(budget.take(50L * SIZE)).isTrue();
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        peers.giveBack(remote, dmb.token());
        own.giveBack(dmb);
        assertThat(budget.used()).isEqualTo(50L * SIZE);
        budget.giveBack(50L * SIZE);
    }

    @Test
    void shouldFreeWhatWaitsBeforeItRefusesAnother() {
        Dmb waits = done(own.register("first"));
        done(peers.attach(here.gid(), waits.token(), SIZE));
        own.giveBack(waits); // the peer still has it
        assertThat(budget.used()).isEqualTo(SIZE);
        assertThat(budget.take(99L * SIZE)).isTrue();
        assertThat(done(own.register("second"))).isNotSameAs(waits);
        assertThat(budget.used()).isEqualTo(100L * SIZE);
        budget.giveBack(99L * SIZE);
    }

    @Test
    void shouldRefuseATokenOfAnotherSizeAndLetGoOfIt() {
        Dmb dmb = done(own.register("first"));
        RemoteDmb remote = done(peers.attach(here.gid(), dmb.token(), SIZE));
        peers.giveBack(remote, dmb.token());
        own.giveBack(dmb);
        assertThat(own.renew("second")).isSameAs(dmb);
        assertThat(peers.renewed(dmb.token(), 2 * SIZE)).isNull();
        assertThat(dmb.isSpent()).isTrue();
    }
}
