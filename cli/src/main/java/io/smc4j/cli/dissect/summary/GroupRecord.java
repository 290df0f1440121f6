package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;
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
    private final int version;
    private final String eid;
    private final List<LinkRecord> links = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

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

    /** Something that happened to a link whose number the capture does not tell. */
    void note(String what) {
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

    public int version() {
        return version;
    }

    /** The common enterprise id, empty in version 1. */
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
