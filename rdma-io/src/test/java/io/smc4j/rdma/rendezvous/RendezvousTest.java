package io.smc4j.rdma.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class RendezvousTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private final AtomicLong clock = new AtomicLong();
    private SharedDirectory directory;
    private SharedNode self;

    @BeforeEach
    void open() throws Exception {
        directory = SharedDirectory.open(root);
        self = SharedNode.open(directory, 64);
    }

    @AfterEach
    void close() {
        self.close();
        assertThat(directory.list()).isEmpty();
    }

    private static InetSocketAddress address(String ip, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    private Announcer find(String ip, int port) throws Exception {
        return ListenerLookup.find(self, address(ip, port)).orElseThrow();
    }

    /** The directory's time of change is too coarse to tell two changes in a row from each other. */
    private void awaitSettledDirectory() {
        while (directory.changeMark() != directory.changeMark()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldAnnounceAgainInARecordThatWasFoundBefore() throws Exception {
        InetSocketAddress target = address("127.0.0.1", 4000);
        try (ListenerRecord record = ListenerRecord.publish(directory, target);
                ListenerRecords records = new ListenerRecords(self, clock::get)) {
            awaitSettledDirectory();
            assertThat(records.known(target)).isEmpty();
            try (Announcer first = records.find(target).orElseThrow();
                    Announcer second = records.known(target).orElseThrow()) {
                assertThat(first.announce(address("127.0.0.1", 5001), new byte[0]))
                        .isTrue();
                assertThat(second.announce(address("127.0.0.1", 5002), new byte[0]))
                        .isTrue();
                assertThat(record.arrived(address("127.0.0.1", 5002)).announcement())
                        .isPresent();
                assertThat(first.isClaimed()).isFalse();
                assertThat(second.isClaimed()).isTrue();
            }
            assertThat(records.known(target)).isPresent().get().satisfies(Announcer::close);
        }
    }

    @Test
    void shouldNotBelieveARecordWhoseListenerIsGoneOrWhenAnotherMayHaveCome() throws Exception {
        InetSocketAddress target = address("127.0.0.1", 4000);
        try (ListenerRecords records = new ListenerRecords(self, clock::get)) {
            Announcer out;
            try (ListenerRecord any = ListenerRecord.publish(directory, address("0.0.0.0", 4000))) {
                awaitSettledDirectory();
                out = records.find(target).orElseThrow();
                try (ListenerRecord exact = ListenerRecord.publish(directory, target)) {
                    assertThat(records.known(target)).isEmpty();
                    try (Announcer now = records.find(target).orElseThrow()) {
                        assertThat(now.announce(address("127.0.0.1", 5001), new byte[0]))
                                .isTrue();
                        assertThat(exact.arrived(address("127.0.0.1", 5001)).announcement())
                                .isPresent();
                    }
                }
            }
            assertThat(records.known(target)).isEmpty();
            assertThat(records.find(target)).isEmpty();
            assertThat(out.isClaimed()).isFalse(); // its record is still mapped: no access fails
            out.close();
            try (ListenerRecord later = ListenerRecord.publish(directory, target)) {
                records.close();
                awaitSettledDirectory();
                records.find(target).orElseThrow().close();
                assertThat(records.known(target)).as("nothing is kept any more").isEmpty();
            }
        }
    }

    @Test
    void shouldTellBothEndsOfARealConnectionThatTheOtherSpeaksSmc() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(0))) {
            InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
            InetSocketAddress target = new InetSocketAddress(loopback, local.getPort());
            try (ListenerRecord record = ListenerRecord.publish(directory, local);
                    Announcer announcer = ListenerLookup.find(self, target).orElseThrow();
                    SocketChannel client = SocketChannel.open().bind(new InetSocketAddress(loopback, 0));
                    SocketChannel plain = SocketChannel.open()) {
                assertThat(announcer.announce((InetSocketAddress) client.getLocalAddress(), new byte[0]))
                        .isTrue();
                client.connect(target);
                plain.connect(target);

                try (SocketChannel first = server.accept();
                        SocketChannel second = server.accept()) {
                    assertThat(announcer.isClaimed()).isFalse();
                    assertThat(record.arrived((InetSocketAddress) first.getRemoteAddress())
                                    .announcement())
                            .isPresent();
                    assertThat(record.arrived((InetSocketAddress) second.getRemoteAddress())
                                    .announcement())
                            .isEmpty();
                    assertThat(announcer.awaitClaim(LONG)).isTrue();
                    assertThat(announcer.withdraw()).isTrue();
                }
            }
        }
    }

    @Test
    void shouldWaitForAClientThatApproachesUntilItAnnouncesItsConnection() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            byte[] opening = {1, 2, 3};
            assertThat(announcer.approach()).isTrue();
            Arrival its = record.arrived(address("127.0.0.1", 50_001));
            Arrival anothers = record.arrived(address("127.0.0.1", 50_002));
            assertThat(its.look()).isFalse();
            assertThat(anothers.look()).isFalse();

            assertThat(announcer.announce(address("127.0.0.1", 50_001), opening))
                    .isTrue();

            assertThat(anothers.look()).isTrue();
            assertThat(anothers.announcement()).isEmpty();
            assertThat(its.look()).isTrue();
            assertThat(its.announcement())
                    .hasValueSatisfying(brought -> assertThat(brought).isEqualTo(opening));
            assertThat(record.arrived(address("127.0.0.1", 50_003)).isKnown())
                    .as("nobody approaches any more")
                    .isTrue();
            assertThat(announcer.withdraw()).isTrue();
        }
    }

    @Test
    void shouldNotWaitForWhoTurnedBackOrApproachesLater() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer first = find("127.0.0.1", 4000);
                Announcer second = find("127.0.0.1", 4000)) {
            assertThat(first.approach()).isTrue();
            Arrival arrival = record.arrived(address("127.0.0.1", 50_001));
            assertThat(second.approach()).isTrue();
            assertThat(arrival.isKnown()).isFalse();
            first.withdraw();
            assertThat(arrival.look()).isTrue();
            assertThat(arrival.announcement()).isEmpty();
            second.close();
            assertThat(record.arrived(address("127.0.0.1", 50_001)).isKnown()).isTrue();
            assertThat(second.approach()).isFalse();
            assertThat(second.announce(address("127.0.0.1", 50_001), new byte[0]))
                    .isFalse();
            assertThat(record.arrived(address("127.0.0.1", 50_001)).announcement())
                    .isEmpty();
        }
    }

    @Test
    void shouldWaitInVainForAClientOnce() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer stopped = find("127.0.0.1", 4000)) {
            assertThat(stopped.approach()).isTrue();
            Arrival arrival = record.arrived(address("127.0.0.1", 50_001));
            assertThat(arrival.isKnown()).isFalse();

            arrival.giveUp();

            assertThat(arrival.isKnown()).isTrue();
            assertThat(arrival.announcement()).isEmpty();
            assertThat(record.arrived(address("127.0.0.1", 50_002)).isKnown()).isTrue();
            assertThat(stopped.announce(address("127.0.0.1", 50_003), new byte[0]))
                    .isTrue();
            assertThat(record.arrived(address("127.0.0.1", 50_003)).announcement())
                    .as("it goes on, and its connection is accepted now")
                    .isPresent();
            assertThat(stopped.approach()).isTrue();
            assertThat(record.arrived(address("127.0.0.1", 50_004)).isKnown())
                    .as("another approach is worth waiting for")
                    .isFalse();
        }
    }

    /** Whatever a server sees first, the connection or its announcement: it never takes one for plain that was announced. */
    @Test
    void shouldMissNoAnnouncementThatFollowsItsConnection() throws Exception {
        int rounds = 20_000;
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            AtomicInteger connected = new AtomicInteger();
            AtomicInteger served = new AtomicInteger();
            AtomicInteger missed = new AtomicInteger();
            Thread server = Thread.ofPlatform().start(() -> {
                for (int round = 1; round <= rounds; round++) {
                    while (connected.get() < round) {
                        Thread.onSpinWait();
                    }
                    Arrival arrival = record.arrived(new InetSocketAddress(InetAddress.getLoopbackAddress(), round));
                    while (!arrival.look()) {
                        Thread.onSpinWait();
                    }
                    missed.addAndGet(arrival.announcement().isPresent() ? 0 : 1);
                    served.set(round);
                }
            });
            for (int round = 1; round <= rounds; round++) {
                assertThat(announcer.approach()).isTrue();
                connected.set(round);
                for (int pause = round & 63; pause > 0; pause--) {
                    Thread.onSpinWait();
                }
                assertThat(announcer.announce(address("127.0.0.1", round), new byte[0]))
                        .isTrue();
                while (served.get() < round) {
                    Thread.onSpinWait();
                }
            }
            server.join();
            assertThat(missed).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldGiveAnAnnouncementToTheServerOnce(String ip) throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address(ip, 4000));
                Announcer announcer = find(ip, 4000)) {
            byte[] opening = {1, 2, 3};
            assertThat(announcer.announce(address(ip, 50_001), opening)).isTrue();

            assertThat(record.arrived(address(ip, 50_002)).announcement()).isEmpty();
            assertThat(record.arrived(address(ip, 50_001)).announcement())
                    .hasValueSatisfying(brought -> assertThat(brought).isEqualTo(opening));
            assertThat(record.arrived(address(ip, 50_001)).announcement()).isEmpty();
            assertThat(announcer.withdraw()).isTrue();
            assertThat(announcer.withdraw()).isFalse();
        }
    }

    @Test
    void shouldNotClaimWhatWasWithdrawn() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            assertThat(announcer.announce(address("127.0.0.1", 50_001), new byte[0]))
                    .isTrue();
            assertThat(announcer.awaitClaim(1_000)).isFalse();

            assertThat(announcer.withdraw()).isFalse();

            assertThat(record.arrived(address("127.0.0.1", 50_001)).announcement())
                    .isEmpty();
            assertThat(announcer.isClaimed()).isFalse();
        }
    }

    @Test
    void shouldWakeAClientThatWaitsForTheClaim() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            InetSocketAddress own = address("127.0.0.1", 50_001);
            assertThat(announcer.announce(own, new byte[0])).isTrue();
            Thread server = Thread.ofPlatform().start(() -> record.arrived(own).announcement());

            assertThat(announcer.awaitClaim(LONG)).isTrue();
            server.join();
        }
    }

    @Test
    void shouldFindARecordOnlyForTheAddressAndPortThatTheListenerHas() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.2", 4000))) {
            assertThat(ListenerLookup.find(self, address("127.0.0.1", 4000))).isEmpty();
            assertThat(ListenerLookup.find(self, address("127.0.0.2", 4001))).isEmpty();
            assertThat(ListenerLookup.find(self, InetSocketAddress.createUnresolved("localhost", 4000)))
                    .isEmpty();
            find("127.0.0.2", 4000).close();
            record.close();
            assertThat(ListenerLookup.find(self, address("127.0.0.2", 4000))).isEmpty();
        }
    }

    @Test
    void shouldNotTakeAnAddressOfAnotherHostForOurs() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("0.0.0.0", 4000))) {
            // TEST-NET-1 and documentation prefixes: no host has them
            assertThat(ListenerLookup.find(self, address("192.0.2.1", 4000))).isEmpty();
            assertThat(ListenerLookup.find(self, address("2001:db8::1", 4000))).isEmpty();
            assertThat(record.arrived(address("192.0.2.1", 50_001)).announcement())
                    .isEmpty();
            find("127.0.0.1", 4000).close();
            find("::1", 4000).close();
        }
    }

    @Test
    void shouldPreferTheListenerWithTheSpecificAddress() throws Exception {
        try (ListenerRecord any = ListenerRecord.publish(directory, address("::", 4000));
                ListenerRecord specific = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            InetSocketAddress own = address("127.0.0.1", 50_001);
            assertThat(announcer.announce(own, new byte[0])).isTrue();

            assertThat(any.arrived(own).announcement()).isEmpty();
            assertThat(specific.arrived(own).announcement()).isPresent();
        }
    }

    @Test
    void shouldNotFindListenersOfOtherNetworkNamespaces() throws Exception {
        try (SharedNode stranger = SharedNode.open(directory, 64);
                var file =
                        stranger.create(ListenerRecord.KIND, ListenerRecord.rest(1, 4000), AnnouncementTable.BYTES)) {
            new AnnouncementTable(file.memory()).initialize(AddressKey.of(address("127.0.0.1", 4000)));

            assertThat(ListenerLookup.find(self, address("127.0.0.1", 4000))).isEmpty();
        }
    }

    @Test
    void shouldIgnoreRecordsThatAreUnfinishedOrOfAnotherSize() throws Exception {
        String rest = ListenerRecord.rest(NetworkNamespace.id(), 4000);
        try (SharedNode one = SharedNode.open(directory, 64);
                SharedNode other = SharedNode.open(directory, 64);
                var unfinished = one.create(ListenerRecord.KIND, rest, AnnouncementTable.BYTES);
                var small = other.create(ListenerRecord.KIND, rest, 10)) {
            assertThat(unfinished.path()).exists();
            assertThat(small.path()).exists();
            assertThat(ListenerLookup.find(self, address("127.0.0.1", 4000))).isEmpty();
        }
    }

    @Test
    void shouldRefuseToAnnounceWhatTheServerWillNotSee() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                Announcer announcer = find("127.0.0.1", 4000)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> announcer.announce(address("0.0.0.0", 50_001), new byte[0]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> announcer.announce(address("127.0.0.1", 0), new byte[0]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            announcer.announce(address("127.0.0.1", 50_001), new byte[Announcer.LONGEST_OPENING + 1]));
            assertThat(record.arrived(address("127.0.0.1", 50_001)).announcement())
                    .isEmpty();
        }
    }

    @Test
    void shouldForgetListenersAndClientsThatWereKilled() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                ChildJvm child = ChildJvm.start(Child.class, root)) {
            assertThat(child.line()).isEqualTo("announced and published");
            find("127.0.0.1", 4001).close();

            child.kill();

            assertThat(record.arrived(address("127.0.0.1", 50_001)).announcement())
                    .isEmpty();
            assertThat(ListenerLookup.find(self, address("127.0.0.1", 4001))).isEmpty();
            assertThat(directory.sweepDead()).isEqualTo(2);
        }
    }

    @Test
    void shouldTakeAListenerForAliveAFewMillisecondsAfterItWasSeenAlive() throws Exception {
        InetSocketAddress target = address("127.0.0.1", 4001);
        try (ListenerRecord _ = ListenerRecord.publish(directory, address("127.0.0.1", 4000));
                ChildJvm child = ChildJvm.start(Child.class, root);
                ListenerRecords records = new ListenerRecords(self, clock::get)) {
            assertThat(child.line()).isEqualTo("announced and published");
            awaitSettledDirectory();
            records.find(target).orElseThrow().close();
            records.known(target).orElseThrow().close();
            child.kill();

            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(9));
            try (Announcer late = records.known(target).orElseThrow()) {
                assertThat(late.announce(address("127.0.0.1", 50_002), new byte[0]))
                        .isTrue();
                assertThat(late.withdraw()).as("a dead listener claims nothing").isFalse();
            }
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            assertThat(records.known(target)).isEmpty();
            assertThat(records.find(target)).isEmpty();
            assertThat(directory.sweepDead()).isEqualTo(2);
        }
    }

    @Test
    void shouldKeepRecordsPrivate() throws Exception {
        try (ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4000))) {
            assertThat(record.arrived(address("127.0.0.1", 50_001)).announcement())
                    .isEmpty();
            try (var files = Files.list(directory.path())) {
                assertThat(files)
                        .allSatisfy(file ->
                                assertThat(Files.getPosixFilePermissions(file)).hasSize(2));
            }
        }
        assertThat(directory.list()).hasSize(1);
    }

    /** Announces itself to the parent's listener, publishes a listener of its own, and waits to be killed. */
    static final class Child {
        public static void main(String[] args) throws Exception {
            SharedDirectory directory = SharedDirectory.open(Path.of(args[0]));
            try (SharedNode self = SharedNode.open(directory, 64);
                    Announcer announcer = ListenerLookup.find(self, address("127.0.0.1", 4000))
                            .orElseThrow();
                    ListenerRecord record = ListenerRecord.publish(directory, address("127.0.0.1", 4001))) {
                if (announcer.announce(address("127.0.0.1", 50_001), new byte[0])
                        && record.arrived(address("127.0.0.1", 50_002))
                                .announcement()
                                .isEmpty()) {
                    System.out.println("announced and published");
                }
                System.in.read();
            }
        }
    }
}
