package io.smc4j.rdma.tcpoption;

import static io.smc4j.rdma.tcpoption.OptionMark.PEER_IS_PLAIN_TCP;
import static io.smc4j.rdma.tcpoption.OptionMark.PEER_SPEAKS_SMC;
import static io.smc4j.rdma.tcpoption.OptionMark.WANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in this machine's kernel, between two sockets of this process. */
class TcpOptionTest {
    private Path cgroup;

    @BeforeEach
    void findTheControlGroup() throws IOException {
        assumeTrue(
                Capabilities.missing().isEmpty(),
                () -> "attaching the program takes " + Capabilities.missing() + ": run the tests as root");
        assumeTrue(ControlGroups.own().isPresent(), "no version 2 control groups here");
        cgroup = ControlGroups.own().get();
    }

    private record Marks(OptionMark client, OptionMark server) {}

    private static Marks connect(String address, boolean clientWants, boolean serverWants) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel client = SocketChannel.open()) {
            if (serverWants) {
                OptionMark.want(listener);
            }
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1);
            if (clientWants) {
                OptionMark.want(client);
            }
            client.connect(listener.getLocalAddress());
            try (SocketChannel server = listener.accept()) {
                Marks marks = new Marks(OptionMark.take(client), OptionMark.take(server));
                assertThat(client.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                        .isLessThan(1000);
                return marks;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldTellBothEndsWhetherTheOtherSentTheOption(String address) throws Exception {
        try (var _ = TcpOptionProgram.attach(cgroup)) {
            assertThat(connect(address, true, true)).isEqualTo(new Marks(PEER_SPEAKS_SMC, PEER_SPEAKS_SMC));
            assertThat(connect(address, true, false)).isEqualTo(new Marks(PEER_IS_PLAIN_TCP, OptionMark.NONE));
            assertThat(connect(address, false, true)).isEqualTo(new Marks(OptionMark.NONE, PEER_IS_PLAIN_TCP));
            assertThat(connect(address, false, false)).isEqualTo(new Marks(OptionMark.NONE, OptionMark.NONE));
            assertThat(OptionProbe.works()).isTrue();
        }
    }

    @Test
    void shouldBeGoneWhenClosed() throws Exception {
        TcpOptionProgram.attach(cgroup).close();
        assumeTrue(!OptionProbe.works(), "somebody else has attached the program too");
        assertThat(connect("127.0.0.1", true, true)).isEqualTo(new Marks(WANTED, WANTED));
    }

    @Test
    void shouldWorkWhereItIsAttachedTwice() throws Exception {
        try (var _ = TcpOptionProgram.attach(cgroup);
                var _ = TcpOptionProgram.attach(cgroup)) {
            assertThat(connect("127.0.0.1", true, true)).isEqualTo(new Marks(PEER_SPEAKS_SMC, PEER_SPEAKS_SMC));
            assertThat(connect("127.0.0.1", true, false)).isEqualTo(new Marks(PEER_IS_PLAIN_TCP, OptionMark.NONE));
        }
    }

    /** Cilium and others attach programs that write options of their own; ours is then called for their sockets too. */
    @Test
    void shouldNotSendTheOptionBecauseAnotherProgramWritesOptions() throws Exception {
        int tcpConnect = 3;
        int setCallbackFlags = 59;
        byte[] asksToBeCalled = new BpfAssembler()
                .load(BpfAssembler.R2, BpfAssembler.R1, 0)
                .ifNotEqual(BpfAssembler.R2, tcpConnect, "end")
                .move(BpfAssembler.R2, 1 << 6)
                .call(setCallbackFlags)
                .label("end")
                .move(BpfAssembler.R0, 1)
                .exit()
                .assemble();
        try (Arena arena = Arena.ofConfined();
                var _ = TcpOptionProgram.attach(cgroup)) {
            int program = BpfSystemCall.load(asksToBeCalled, "other", arena.allocate(1 << 16, 8));
            int group = BpfSystemCall.open(cgroup.toString());
            int link = BpfSystemCall.link(program, group);
            try {
                assertThat(link).isNotNegative();
                assertThat(connect("127.0.0.1", false, true)).isEqualTo(new Marks(OptionMark.NONE, PEER_IS_PLAIN_TCP));
            } finally {
                BpfSystemCall.close(link);
                BpfSystemCall.close(group);
                BpfSystemCall.close(program);
            }
        }
    }

    @Test
    void shouldDetachNothingButWhatIsPinned(@TempDir Path directory) throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "not a pin");
        assertThatThrownBy(() -> TcpOptionProgram.detach(precious))
                .isInstanceOf(TcpOptionException.class)
                .hasMessageContaining("not removing " + precious);
        assertThat(precious).exists();
        assertThat(TcpOptionProgram.detach(directory.resolve("none"))).isFalse();
    }

    @Test
    void shouldCallNoOtherSystemCallWhereTheNumberIsNotKnown() {
        assertThat(BpfSystemCall.number("s390x")).isEqualTo(351);
        assertThat(BpfSystemCall.number("sparc")).isNegative();
    }

    @Test
    void shouldSayWhatIsNoControlGroup(@TempDir Path other) {
        assertThatThrownBy(() -> TcpOptionProgram.attach(other))
                .isInstanceOf(TcpOptionException.class)
                .hasMessageContaining(other + " is no version 2 control group")
                .hasMessageContaining("cgroup");
    }
}
