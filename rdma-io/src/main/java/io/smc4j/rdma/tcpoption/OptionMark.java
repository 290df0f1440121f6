package io.smc4j.rdma.tcpoption;

import java.io.IOException;
import java.nio.channels.NetworkChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * What a socket and the program tell each other in {@code TCP_KEEPINTVL}: before connecting or listening a socket opts in; once a
 * connection is established the program has put the verdict there. Accepted sockets inherit the mark of their listener until then.
 *
 * <p>The numbers are seconds between keep-alive probes (at most 32767) that nobody would choose: about nine hours.
 */
public enum OptionMark {
    /** The socket wants the option; after connecting it means that no program is attached. */
    WANTED(32_254),
    /** The peer sent the option, and so did we. */
    PEER_SPEAKS_SMC(32_253),
    /** The peer did not send it. */
    PEER_IS_PLAIN_TCP(32_252),
    /** The socket never opted in. */
    NONE(0);

    /** Linux's default, for sockets whose interval is not known from before. */
    private static final int DEFAULT_INTERVAL_SECONDS = 75;

    private final int seconds;

    OptionMark(int seconds) {
        this.seconds = seconds;
    }

    int seconds() {
        return seconds;
    }

    /** Before {@code connect} or {@code bind} (which listens): the SYN or SYN-ACK is to carry the option. */
    public static void want(NetworkChannel channel) throws IOException {
        channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, WANTED.seconds);
    }

    /** After connecting or accepting: takes the verdict, and makes the socket's keep-alive interval what it was. */
    public static OptionMark take(NetworkChannel connected) throws IOException {
        int found = connected.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
        for (OptionMark mark : values()) {
            if (mark != NONE && mark.seconds == found) {
                connected.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, DEFAULT_INTERVAL_SECONDS);
                return mark;
            }
        }
        return NONE;
    }
}
