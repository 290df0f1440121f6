package io.smc4j.cli.demo;

import io.smc4j.TransportPreference;
import java.util.ArrayList;
import java.util.List;

/** The four things the demo measures. */
enum DemoRun {
    SMC_R("smc-r", "SMC-R over two links, one of which dies half way", "smc-r", false, false),
    SMC_D("smc-d", "SMC-D through shared memory", "smc-d", false, false),
    FALLBACK("tcp", "TCP by fallback: the server is plain java.nio and knows nothing of SMC", "auto", true, false),
    PLAIN("plain-tcp", "Plain Java TCP at both ends, to compare", "tcp", true, true);

    private final String label;
    private final String title;
    private final String transport;
    private final boolean plainServer;
    private final boolean plainClient;

    DemoRun(String label, String title, String transport, boolean plainServer, boolean plainClient) {
        this.label = label;
        this.title = title;
        this.transport = transport;
        this.plainServer = plainServer;
        this.plainClient = plainClient;
    }

    /** As in the table and in JSON: what should carry the bytes. */
    String label() {
        return label;
    }

    /** For the narration. */
    String title() {
        return title;
    }

    boolean linkDies() {
        return this == SMC_R;
    }

    boolean usesSmc4j() {
        return !plainClient;
    }

    /** Whether it is of interest to somebody who asks for that transport. */
    boolean isFor(TransportPreference asked) {
        return switch (asked) {
            case AUTO -> true;
            case SMC_R -> this == SMC_R || this == PLAIN;
            case SMC_D -> this == SMC_D || this == PLAIN;
            case TCP -> this == FALLBACK || this == PLAIN;
        };
    }

    List<String> serverArguments() {
        return arguments("demo-server", plainServer);
    }

    List<String> clientArguments(int port, String file) {
        List<String> arguments = arguments("demo-client", plainClient);
        arguments.add("--port=" + port);
        arguments.add("--file=" + file);
        if (linkDies()) {
            arguments.add("--take-port-down");
        }
        return arguments;
    }

    private List<String> arguments(String command, boolean plain) {
        List<String> arguments = new ArrayList<>();
        arguments.add(command);
        arguments.add(plain ? "--plain" : "--transport=" + transport);
        if (this == FALLBACK) {
            // By explicit negotiation a client would not ask before it speaks SMC.
            arguments.add("--negotiation=rendezvous");
        }
        return arguments;
    }
}
