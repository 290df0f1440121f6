package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcConfirmRkeyContinue;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import io.smc4j.protocol.llc.LlcTestLink;

/** What a message is for, in a sentence for somebody who has never seen SMC. */
final class Purpose {
    private Purpose() {}

    static String of(Body body) {
        return switch (body) {
            case Body.Option option ->
                option.answer()
                        ? "The server speaks SMC too: the client must now send a PROPOSAL over this TCP connection."
                        : "The client asks, inside the TCP SYN, whether the server speaks SMC.";
            case Body.Clc clc -> clc(clc.message());
            case Body.Llc llc -> llc(llc.message());
            case Body.Cdc cdc -> cdc(cdc.message());
            case Body.Rdma rdma -> rdma(rdma);
            case Body.ControlArea _ ->
                "How far the writer of this SMC-D buffer has written here, and has read at its own end.";
            case Body.Broken _ -> "These bytes should be a message, but break a rule of the protocol.";
        };
    }

    private static String clc(ClcMessage message) {
        return switch (message) {
            case ClcProposal _ ->
                "The client offers what it can: transports, versions, and names that both ends may share.";
            case ClcAcceptSmcr accept -> server(accept.firstContact(), "its receive buffer (RMB) and queue pair");
            case ClcAcceptSmcd accept -> server(accept.firstContact(), "its receive buffer (DMB)");
            case ClcConfirmSmcr _ -> "The client agrees and tells its own receive buffer (RMB) and queue pair.";
            case ClcConfirmSmcd _ -> "The client agrees and tells its own receive buffer (DMB).";
            case ClcDecline _ -> "The sender does without SMC; both ends go on with plain TCP on this connection.";
        };
    }

    private static String server(boolean first, String what) {
        return "The server accepts and tells " + what
                + (first
                        ? "; the two hosts make a new link group."
                        : "; the two hosts use a link group that they have.");
    }

    private static String llc(LlcMessage message) {
        return switch (message) {
            case LlcConfirmLink confirm ->
                confirm.response()
                        ? "The client answers over the new link: it works in both directions."
                        : "The server's first message over a new link: it works in one direction.";
            case LlcAddLink add -> addLink(add);
            case LlcAddLinkContinue _ -> "More keys of receive buffers, for use over the new link.";
            case LlcDeleteLink delete ->
                delete.all() ? "The link group ends." : "One link ends; connections on it move to another.";
            case LlcRequestAddLink request ->
                request.response()
                        ? "The server will not add a link."
                        : "The client has a second port and asks for another link.";
            case LlcConfirmRkey confirm ->
                confirm.response()
                        ? "The peer has noted the key of the receive buffer, or refuses it."
                        : "A new connection's receive buffer: with this key the peer may write to it.";
            case LlcConfirmRkeyContinue _ -> "More keys of the same receive buffer, for further links.";
            case LlcDeleteRkey delete ->
                delete.response()
                        ? "The peer will not write to that receive buffer any more."
                        : "A connection has ended: its receive buffer must not be written to any more.";
            case LlcTestLink test ->
                test.response() ? "The link is alive." : "Nothing was heard for a while: is the link alive?";
        };
    }

    private static String addLink(LlcAddLink add) {
        if (add.rejected()) {
            return "The client has no second path, so the link group stays with one link; that is normal with one port.";
        }
        return add.response()
                ? "The client is ready for another link."
                : "The server offers another link, as a spare path.";
    }

    private static String cdc(CdcMessage message) {
        if (message.isFailoverValidation()) {
            return "The connection has moved to this link; nothing was lost if this sequence number has been seen.";
        }
        if ((message.stateFlags() & CdcFlags.ABORT) != 0) {
            return "The sender has ended the connection abnormally.";
        }
        if ((message.stateFlags() & CdcFlags.CLOSED) != 0) {
            return "The sender has closed the connection and had read everything.";
        }
        if ((message.stateFlags() & CdcFlags.DONE_WRITING) != 0) {
            return "The sender will write no more, but still reads.";
        }
        return "How far the sender has written into the receiver's buffer, and how far it has read its own.";
    }

    private static String rdma(Body.Rdma rdma) {
        if (rdma.packet().opcode().isWrite()) {
            return "Application data goes straight into the receive buffer of the peer.";
        }
        return rdma.packet().aeth() != null
                ? "The network card tells that a packet has arrived, or what went wrong."
                : "";
    }
}
