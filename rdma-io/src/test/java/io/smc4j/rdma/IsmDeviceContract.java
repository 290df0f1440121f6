package io.smc4j.rdma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smc4j.rdma.RdmaException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every ISM device does, between two devices that reach each other. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
public abstract class IsmDeviceContract {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    protected IsmDevice owner;
    protected IsmDevice writer;
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** A new device. */
    protected abstract IsmDevice open() throws Exception;

    @BeforeEach
    void openBoth() throws Exception {
        owner = open();
        writer = open();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        writer.close();
        owner.close();
    }

    private Dmb register(int size, Object cookie) throws RdmaException {
        Dmb dmb = owner.register(size, cookie);
        opened.add(dmb);
        return dmb;
    }

    private RemoteDmb attach(Dmb dmb) throws RdmaException {
        RemoteDmb remote =
                writer.attach(owner.gid(), dmb.token(), (int) dmb.memory().byteSize());
        opened.add(remote);
        return remote;
    }

    private List<Object> poll() {
        List<Object> signalled = new ArrayList<>();
        assertThat(owner.pollSignals(signalled::add)).isEqualTo(signalled.size());
        return signalled;
    }

    private @Nullable IsmEvent awaitEvent(IsmDevice device) {
        IsmEvent event = device.pollEvent();
        while (event == null) {
            device.arm();
            device.await(LONG);
            event = device.pollEvent();
        }
        return event;
    }

    @Test
    void shouldReachEachOtherAndNobodyElse() {
        assertThat(owner.reaches(writer.gid())).isTrue();
        assertThat(writer.reaches(owner.gid())).isTrue();
        assertThat(owner.reaches(new IsmGid(~owner.gid().gid(), writer.gid().extension())))
                .isFalse();
        assertThat(owner.gid()).isNotEqualTo(writer.gid());
        assertThat(owner.chid()).isEqualTo(writer.chid()).isBetween(0xFF00, 0xFFFF);
    }

    @Test
    void shouldShowTheOwnerWhatThePeerWrites() throws Exception {
        Dmb dmb = register(65_536, "a");
        assertThat(dmb.memory().byteSize()).isEqualTo(65_536);
        assertThat(dmb.memory().toArray(JAVA_BYTE)).containsOnly(0);
        RemoteDmb remote = attach(dmb);
        assertThat(remote.memory().byteSize()).isEqualTo(65_536);

        remote.memory().set(JAVA_BYTE, 0, (byte) 1);
        remote.memory().set(JAVA_BYTE, 65_535, (byte) 2);

        assertThat(dmb.memory().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
        assertThat(dmb.memory().get(JAVA_BYTE, 65_535)).isEqualTo((byte) 2);
    }

    @Test
    void shouldTakeSizesThatAreNoMultipleOfAPage() throws Exception {
        Dmb dmb = register(1, "a");

        attach(dmb).memory().set(JAVA_BYTE, 0, (byte) 7);

        assertThat(dmb.memory().toArray(JAVA_BYTE)).containsExactly(7);
    }

    @Test
    void shouldRingTheDoorbellOnceForEachRequest() throws Exception {
        Dmb dmb = register(4096, "cookie");
        RemoteDmb remote = attach(dmb);

        remote.signal();
        assertThat(poll()).isEmpty();

        dmb.requestSignal();
        assertThat(poll()).isEmpty();
        remote.signal();
        remote.signal();
        assertThat(poll()).containsExactly("cookie");
        remote.signal();
        assertThat(poll()).isEmpty();

        dmb.requestSignal();
        remote.signal();
        assertThat(poll()).containsExactly("cookie");
    }

    @Test
    void shouldDeliverEverySignalledDmbOnceInACall() throws Exception {
        List<RemoteDmb> remotes = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Dmb dmb = register(1, i);
            remotes.add(attach(dmb));
            if (i % 3 == 0) {
                dmb.requestSignal();
                expected.add(i);
            }
        }
        remotes.forEach(RemoteDmb::signal);

        assertThat(poll()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(poll()).isEmpty();
    }

    @Test
    void shouldNotLoseTheOtherSignalsWhenAHandlerThrows() throws Exception {
        for (int i = 0; i < 3; i++) {
            Dmb dmb = register(1, i);
            RemoteDmb remote = attach(dmb);
            dmb.requestSignal();
            remote.signal();
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> owner.pollSignals(cookie -> {
                    throw new IllegalStateException("bad handler");
                }));

        assertThat(poll()).hasSize(2);
    }

    @Test
    void shouldWakeItsOwnerThreadOnASignal() throws Exception {
        Dmb dmb = register(4096, "a");
        RemoteDmb remote = attach(dmb);
        dmb.requestSignal();
        Thread peer = Thread.ofPlatform().start(remote::signal);
        List<Object> signalled = poll();
        while (signalled.isEmpty()) {
            owner.arm();
            signalled = poll();
            if (signalled.isEmpty()) {
                owner.await(LONG);
            }
        }
        peer.join();
        assertThat(signalled).containsExactly("a");
    }

    @Test
    void shouldEndAwaitOnWakeUpEvenIfItCameFirst() {
        owner.wakeUp();
        owner.arm();
        owner.await(LONG);
    }

    @Test
    void shouldNotSleepIfASignalCameSincePrepareWait() throws Exception {
        Dmb dmb = register(4096, "a");
        RemoteDmb remote = attach(dmb);

        int seen = dmb.prepareWait();
        remote.signal();
        dmb.awaitSignal(seen, LONG);
    }

    @Test
    void shouldWakeSeveralThreadsThatWaitOnOneDmb() throws Exception {
        Dmb dmb = register(4096, "a");
        RemoteDmb remote = attach(dmb);
        CountDownLatch prepared = new CountDownLatch(4);
        List<Thread> waiters = waiters(dmb, prepared);
        prepared.await();

        remote.signal();

        for (Thread waiter : waiters) {
            waiter.join();
        }
    }

    @Test
    void shouldEndWaitsOnWakeWaiters() throws Exception {
        Dmb dmb = register(4096, "a");
        CountDownLatch prepared = new CountDownLatch(4);
        List<Thread> waiters = waiters(dmb, prepared);
        prepared.await();

        dmb.wakeWaiters();

        for (Thread waiter : waiters) {
            waiter.join();
        }
    }

    @Test
    void shouldEndWaitsWhenClosed() throws Exception {
        for (int round = 0; round < 100; round++) {
            Dmb dmb = register(4096, "a");
            CountDownLatch prepared = new CountDownLatch(4);
            List<Thread> waiters = waiters(dmb, prepared);
            prepared.await();

            dmb.close();

            for (Thread waiter : waiters) {
                waiter.join();
            }
            dmb.wakeWaiters();
        }
    }

    private static List<Thread> waiters(Dmb dmb, CountDownLatch prepared) {
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(Thread.ofPlatform().start(() -> {
                int seen = dmb.prepareWait();
                prepared.countDown();
                dmb.awaitSignal(seen, LONG);
            }));
        }
        return waiters;
    }

    @Test
    void shouldThrowAndNotCrashOnAccessAfterClose() throws Exception {
        Dmb dmb = register(4096, "a");
        RemoteDmb remote = attach(dmb);
        remote.close();
        remote.close();
        assertThatIllegalStateException().isThrownBy(() -> remote.memory().get(JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(remote::signal);

        dmb.close();
        dmb.close();
        assertThatIllegalStateException().isThrownBy(() -> dmb.memory().get(JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(dmb::prepareWait);
        assertThatIllegalStateException().isThrownBy(dmb::requestSignal);
    }

    @Test
    void shouldThrowAndNotCrashWhenClosedUnderAThreadThatReads() throws Exception {
        for (int round = 0; round < 50; round++) {
            Dmb dmb = register(4096, "a");
            CountDownLatch reading = new CountDownLatch(1);
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    for (long sum = 0; sum >= 0; sum += dmb.memory().get(JAVA_LONG, 64)) {
                        reading.countDown();
                    }
                } catch (IllegalStateException e) {
                    // the expected end
                }
            });
            reading.await();
            dmb.close();
            reader.join();
        }
    }

    @Test
    void shouldLetThePeerWriteOnAfterTheOwnerHasClosed() throws Exception {
        Dmb dmb = register(4096, "a");
        RemoteDmb remote = attach(dmb);
        dmb.requestSignal();
        dmb.close();

        remote.memory().set(JAVA_BYTE, 0, (byte) 1);
        remote.signal();

        assertThat(poll()).isEmpty();
    }

    @Test
    void shouldRefuseAWrongToken() throws Exception {
        Dmb dmb = register(4096, "a");

        assertRefused(Category.UNREACHABLE, owner.gid(), dmb.token() + 1, 4096, "wrong token");
        attach(dmb);
    }

    @Test
    void shouldRefuseAnotherSizeThanRegistered() throws Exception {
        Dmb dmb = register(4096, "a");

        assertRefused(Category.MISUSE, owner.gid(), dmb.token(), 4095, "4095");
        assertRefused(Category.MISUSE, owner.gid(), dmb.token(), 1 << 30, "1073741824");
        assertRefused(Category.MISUSE, owner.gid(), dmb.token(), 0, "0 bytes");
        assertRefused(Category.MISUSE, owner.gid(), dmb.token(), -1, "-1 bytes");
        attach(dmb);
    }

    @Test
    void shouldLetOnlyOnePeerAttach() throws Exception {
        Dmb dmb = register(4096, "a");
        attach(dmb);

        assertRefused(Category.UNREACHABLE, owner.gid(), dmb.token(), 4096, "attached by somebody else");
    }

    @Test
    void shouldNotLetAnybodyAttachAfterClose() throws Exception {
        Dmb dmb = register(4096, "a");
        long token = dmb.token();
        dmb.close();

        assertRefused(Category.UNREACHABLE, owner.gid(), token, 4096, "withdrawn");
    }

    @Test
    void shouldUseADmbAgainOnlyOnceThePeerHasLetGoOfIt() throws Exception {
        Dmb dmb = register(64, "first");
        assertThat(dmb.renew("too early", 32)).isFalse();
        RemoteDmb remote = attach(dmb);
        remote.memory().fill((byte) 7);
        assertThat(dmb.renew("still too early", 32)).isFalse();

        assertThat(remote.renew()).isFalse();
        assertThat(remote.keep()).isTrue();
        assertThat(dmb.renew("second", 32)).isTrue();
        assertThat(dmb.renew("third", 32)).isFalse();
        assertThat(remote.renew()).isTrue();

        assertThat(dmb.memory().asSlice(0, 32).toArray(JAVA_BYTE)).containsOnly(0);
        remote.memory().set(JAVA_BYTE, 40, (byte) 9);
        assertThat(dmb.memory().get(JAVA_BYTE, 40)).isEqualTo((byte) 9);
        dmb.requestSignal();
        remote.signal();
        assertThat(poll()).containsExactly("second");
    }

    @Test
    void shouldSeeThatADmbCannotBeUsedAgain() throws Exception {
        assertThat(register(64, "never attached").isSpent()).isTrue();
        Dmb left = register(64, "left by the peer");
        RemoteDmb remote = attach(left);
        assertThat(left.isSpent()).isFalse();
        remote.close();
        assertThat(left.isSpent()).isTrue();
        assertThat(left.renew("again", 32)).isFalse();

        Dmb over = register(64, "unregistered by its owner");
        RemoteDmb kept = attach(over);
        assertThat(kept.keep()).isTrue();
        assertThat(kept.isWithdrawn()).isFalse();
        over.close();
        assertThat(kept.isWithdrawn()).isTrue();
        assertThat(kept.renew()).isFalse();
    }

    @Test
    void shouldRefuseADeviceThatIsNotThere() throws Exception {
        IsmGid gid = owner.gid();
        Dmb dmb = register(4096, "a");

        assertRefused(Category.UNREACHABLE, new IsmGid(gid.gid(), gid.extension() ^ 1), dmb.token(), 4096, "is gone");
        assertRefused(Category.UNREACHABLE, new IsmGid(gid.gid() ^ 1, gid.extension()), dmb.token(), 4096, "fabric");
    }

    private void assertRefused(Category category, IsmGid gid, long token, int size, String reason) {
        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> writer.attach(gid, token, size))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.category()).isEqualTo(category));
    }

    @Test
    void shouldRefuseToCloseWhileDmbsAreOpen() throws Exception {
        Dmb dmb = register(4096, "a");
        attach(dmb);

        assertThatIllegalStateException().isThrownBy(owner::close).withMessageContaining("1 DMBs registered");
        assertThatIllegalStateException().isThrownBy(writer::close).withMessageContaining("1 attached");
    }

    @Test
    void shouldTellTheOwnerOnceWhenThePeersDeviceIsGone() throws Exception {
        IsmDevice peer = open();
        for (int i = 0; i < 3; i++) {
            Dmb dmb = register(4096, "a");
            peer.attach(owner.gid(), dmb.token(), 4096).close();
        }
        assertThat(owner.pollEvent()).isNull();
        peer.close();

        assertThat(awaitEvent(owner)).isInstanceOfSatisfying(IsmEvent.PeerGone.class, gone -> {
            assertThat(gone.peer()).isEqualTo(peer.gid());
            assertThat(gone.reason()).isNotBlank();
        });
        assertThat(owner.reaches(peer.gid())).isFalse();
        for (int i = 0; i < 8; i++) {
            owner.arm();
            owner.await(TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(owner.pollEvent()).isNull();
        }
    }

    @Test
    void shouldLoseNoSignalInAMillionRoundsBetweenThreads() throws Exception {
        Dmb dmb = register(4096, "a");
        new IsmSignalHammer(dmb, attach(dmb)).run(Integer.getInteger("smc4j.test.rounds", 1_000_000));
    }
}
