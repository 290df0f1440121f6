package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.llc.LlcAddLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A link group. */
public final class GroupRecord {
    private static final int MOST_NOTES = 20;

    private final int number;
    private final boolean beganInCapture;
    private final String eid;
    private final List<LinkRecord> links = new ArrayList<>();
    private final List<Deletion> deletions = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** A link is deleted whose number is not, or not yet, known; a message over another link says so. */
    private record Deletion(int number, LinkRecord over, String why) {}

    @Nullable
    PeerId serverPeer;

    @Nullable
    PeerId clientPeer;

    boolean rolesKnown = true;
    int version;

    @Nullable
    FirstContactExtension server;

    @Nullable
    FirstContactExtension client;

    @Nullable
    LlcAddLink offered;

    int rejectedLinks;
    int connections;
    String ending = "";

    GroupRecord(int number, boolean beganInCapture, int version, String eid) {
        this.number = number;
        this.beganInCapture = beganInCapture;
        this.version = version;
        this.eid = eid;
    }

    /** Whether these are ports of its client and of its server. */
    boolean connects(Gid client, Gid server, Hosts hosts) {
        return links.stream()
                .findFirst()
                .filter(link -> hosts.same(client, link.clientGid()) && hosts.same(server, link.serverGid()))
                .isPresent();
    }

    /** Whether it is of these hosts, in these roles, and has not ended. */
    boolean joins(PeerId server, PeerId client) {
        return server.equals(serverPeer) && client.equals(clientPeer) && ending.isEmpty();
    }

    /** A link was deleted, as a message over another one says. */
    void delete(int linkNumber, LinkRecord over, String why) {
        Optional<LinkRecord> known = link(linkNumber);
        if (known.isPresent()) {
            known.get().state = why;
        } else if (deletions.size() < MOST_NOTES) {
            deletions.add(new Deletion(linkNumber, over, why));
        }
    }

    /**
     * Numbers the links of a group that is older than the capture, as far as can be told: what is said over one link about another
     * is about the only other one that has no number yet. To be called once, at the end of the capture.
     */
    void settle() {
        boolean learned = !beganInCapture;
        while (learned) {
            learned = links.stream()
                    .anyMatch(link ->
                            link.traffic().otherLinks.stream().anyMatch(number -> numberTheOther(link, number)));
        }
        for (Deletion deletion : deletions) {
            if (!beganInCapture) {
                numberTheOther(deletion.over(), deletion.number());
            }
            link(deletion.number())
                    .ifPresentOrElse(
                            link -> link.state = deletion.why(),
                            () -> note("link " + deletion.number() + " " + deletion.why()));
        }
    }

    private boolean numberTheOther(LinkRecord link, int linkNumber) {
        List<LinkRecord> others = links.stream()
                .filter(other -> other != link && other.number == 0)
                .toList();
        if (others.size() != 1 || link(linkNumber).isPresent()) {
            return false;
        }
        others.getFirst().number = linkNumber;
        return true;
    }

    /** Something that happened to a link that is not in the capture. */
    private void note(String what) {
        if (!notes.contains(what) && notes.size() < MOST_NOTES) {
            notes.add(what);
        }
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }

    void add(LinkRecord link) {
        links.add(link);
    }

    Optional<LinkRecord> link(int linkNumber) {
        return links.reversed().stream()
                .filter(link -> link.number == linkNumber)
                .findFirst();
    }

    /** Number in the summary. */
    public int number() {
        return number;
    }

    /** Whether its first contact is in the capture. */
    public boolean beganInCapture() {
        return beganInCapture;
    }

    /** Whether it is known which end is the server. */
    public boolean rolesKnown() {
        return rolesKnown;
    }

    /** Whether a handshake that uses it is in the capture. */
    public boolean handshakeSeen() {
        return serverPeer != null;
    }

    /** 0 if the capture does not tell. */
    public int version() {
        return version;
    }

    /** The common enterprise id, empty in version 1 and if no handshake is in the capture. */
    public String eid() {
        return eid;
    }

    public List<LinkRecord> links() {
        return List.copyOf(links);
    }

    /** What the server told of itself at first contact. */
    public Optional<FirstContactExtension> server() {
        return Optional.ofNullable(server);
    }

    /** What the client told of itself at first contact. */
    public Optional<FirstContactExtension> client() {
        return Optional.ofNullable(client);
    }

    /** How many further links the server offered in vain. */
    public int rejectedLinks() {
        return rejectedLinks;
    }

    /** How many connections used it. */
    public int connections() {
        return connections;
    }

    /** How it ended, empty if it did not. */
    public String ending() {
        return ending;
    }
}
