package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcrEndpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A TCP connection that offered SMC, or an SMC connection that is older than the capture. */
public final class ConnectionRecord {
    private final Gid client;
    private final int clientPort;
    private final Gid server;
    private final int serverPort;
    private final long beganNanos;
    private final Direction toServer = new Direction();
    private final Direction toClient = new Direction();
    long endedNanos;
    boolean optionOffered;
    boolean answered;
    boolean optionAnswered;
    boolean proposed;
    boolean accepted;
    boolean confirmed;
    boolean firstContact;

    @Nullable
    SmcrEndpoint serverEnd;

    @Nullable
    SmcrEndpoint clientEnd;

    @Nullable
    SmcdEndpoint serverDmb;

    @Nullable
    ClcDecline decline;

    boolean declinedByServer;

    @Nullable
    GroupRecord group;

    ConnectionRecord(Gid client, int clientPort, Gid server, int serverPort, long beganNanos) {
        this.client = client;
        this.clientPort = clientPort;
        this.server = server;
        this.serverPort = serverPort;
        this.beganNanos = beganNanos;
        this.endedNanos = beganNanos;
    }

    public Gid client() {
        return client;
    }

    /** The client's TCP port; -1 if the connection is older than the capture. */
    public int clientPort() {
        return clientPort;
    }

    public Gid server() {
        return server;
    }

    public int serverPort() {
        return serverPort;
    }

    public long beganNanos() {
        return beganNanos;
    }

    public long endedNanos() {
        return endedNanos;
    }

    /** What the client sent. */
    public Direction toServer() {
        return toServer;
    }

    /** What the server sent. */
    public Direction toClient() {
        return toClient;
    }

    public Optional<GroupRecord> group() {
        return Optional.ofNullable(group);
    }

    public boolean firstContact() {
        return firstContact;
    }

    public Optional<SmcrEndpoint> serverEnd() {
        return Optional.ofNullable(serverEnd);
    }

    public Optional<SmcrEndpoint> clientEnd() {
        return Optional.ofNullable(clientEnd);
    }

    public Optional<ClcDecline> decline() {
        return Optional.ofNullable(decline);
    }

    public boolean declinedByServer() {
        return declinedByServer;
    }

    /** Whether SMC has anything to do with it; a TCP connection that never offered it is of no interest. */
    public boolean concernsSmc() {
        return clientPort < 0 || optionOffered || proposed || accepted || decline != null;
    }

    /** Whether it is a connection whose handshake is not in the capture; its server port is a token then. */
    boolean older() {
        return clientPort < 0;
    }

    /** Whether messages for the server, or for the client, carry this token. */
    boolean receives(boolean server, int token) {
        if (older()) {
            return server && serverPort == token;
        }
        SmcrEndpoint end = server ? serverEnd : clientEnd;
        return end != null && end.alertToken() == token;
    }

    /** Whether a remote address lies in the buffer that the server, or the client, receives into. */
    boolean ownsAddress(boolean ofServer, long address) {
        SmcrEndpoint end = ofServer ? serverEnd : clientEnd;
        return end != null
                && Long.compareUnsigned(
                                address - end.rmbeAddress(), end.rmbeSize().bytes())
                        < 0;
    }

    /** Whether application data goes over SMC. */
    public boolean smc() {
        return decline == null && (confirmed || clientPort < 0);
    }

    /** {@code SMC-R}, {@code SMC-D} or {@code TCP}. */
    public String transport() {
        if (!smc()) {
            return "TCP";
        }
        return serverDmb != null ? "SMC-D" : "SMC-R";
    }

    /** Why it is TCP, empty if it is not. */
    public String fallback() {
        if (smc()) {
            return "";
        }
        ClcDecline declined = decline;
        if (declined != null) {
            String reason = declined.knownDiagnosis()
                    .map(code -> code.describe())
                    .orElseGet(() -> "0x" + Integer.toHexString(declined.diagnosis()));
            return "the " + (declinedByServer ? "server" : "client") + " declined: " + reason;
        }
        if (!optionOffered && !proposed) {
            return "the client did not offer SMC";
        }
        if (answered && !optionAnswered && !proposed) {
            return "the server did not answer the SMC option: PEERNOSMC 0x03010000";
        }
        if (!proposed) {
            return answered ? "no PROPOSAL followed in this capture" : "the SYN was not answered in this capture";
        }
        return accepted ? "no CONFIRM followed in this capture" : "the PROPOSAL was not answered in this capture";
    }
}
