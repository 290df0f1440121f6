package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.cdc.Cursors;
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

/** The key fields of a message in one line. */
final class Details {
    private Details() {}

    static void append(Body body, StringBuilder out) {
        switch (body) {
            case Body.Option option -> out.append(option.answer() ? " SMC is welcome" : " speaks SMC");
            case Body.Clc clc -> ClcDetails.append(clc.message(), out);
            case Body.Llc llc -> llc(llc.message(), out);
            case Body.Cdc cdc -> cdc(cdc.message(), out);
            case Body.Rdma rdma -> rdma(rdma, out);
            case Body.ControlArea area -> {
                cursor(" producer=", Cursors.wrap(area.producer()), Cursors.count(area.producer()), out);
                cursor(" consumer=", Cursors.wrap(area.consumer()), Cursors.count(area.consumer()), out);
                flags(area.producerFlags(), area.stateFlags(), out);
            }
            case Body.Broken broken -> out.append(' ').append(broken.violation().getMessage());
        }
    }

    private static void cdc(CdcMessage cdc, StringBuilder out) {
        out.append(" seq=").append(cdc.sequence());
        Numbers.hex(out.append(" token="), cdc.alertToken());
        if (cdc.isFailoverValidation()) {
            out.append(" link switch: the last message that the sender knows arrived");
        } else {
            cursor(" producer=", cdc.producer(), out);
            cursor(" consumer=", cdc.consumer(), out);
        }
        flags(cdc.producerFlags(), cdc.stateFlags(), out);
    }

    private static void cursor(String name, Cursor cursor, StringBuilder out) {
        cursor(name, cursor.wrap(), cursor.count(), out);
    }

    private static void cursor(String name, int wrap, int count, StringBuilder out) {
        out.append(name)
                .append('(')
                .append(wrap)
                .append(',')
                .append(Integer.toUnsignedString(count))
                .append(')');
    }

    private static void flags(int producer, int state, StringBuilder out) {
        if (producer != 0) {
            Numbers.hexByte(out.append(" producer-flags="), producer)
                    .append('[')
                    .append(CdcFlags.describeProducer(producer))
                    .append(']');
        }
        if (state != 0) {
            Numbers.hexByte(out.append(" state-flags="), state)
                    .append('[')
                    .append(CdcFlags.describeState(state))
                    .append(']');
        }
    }

    private static void rdma(Body.Rdma rdma, StringBuilder out) {
        RocePacket.Aeth aeth = rdma.packet().aeth();
        if (aeth != null) {
            if (aeth.negative()) {
                out.append(' ').append(aeth.meaning());
            }
            Numbers.hexByte(out.append(" syndrome="), aeth.syndrome());
            out.append(" msn=").append(aeth.msn());
        } else if (rdma.packet().opcode().isWrite()) {
            if (rdma.addressKnown()) {
                Numbers.hex(out.append(" vaddr="), rdma.address());
                Numbers.hex(out.append(" rkey="), rdma.rkey());
            }
            RocePacket.Reth reth = rdma.packet().reth();
            out.append(" len=").append(reth != null ? reth.length() : rdma.payloadLength());
            if (reth != null && reth.length() != rdma.payloadLength()) {
                out.append(" (first ").append(rdma.payloadLength()).append(')');
            }
        } else {
            out.append(" len=").append(rdma.payloadLength());
        }
    }

    private static void llc(LlcMessage message, StringBuilder out) {
        out.append(message.response() ? " response" : " request");
        switch (message) {
            case LlcConfirmLink confirm -> {
                out.append(" link=").append(confirm.linkNumber());
                port(confirm.gid(), confirm.mac().toString(), confirm.qpNumber(), out);
                Numbers.hex(out.append(" uid="), confirm.linkUid());
                out.append(" max-links=").append(confirm.maxLinks());
                if (confirm.maxConnections() != 0) {
                    out.append(" max-connections=").append(confirm.maxConnections());
                }
                if (!confirm.acceptsNoEyecatchers()) {
                    out.append(" wants-eyecatchers");
                }
            }
            case LlcAddLink add -> addLink(add, out);
            case LlcAddLinkContinue more -> {
                out.append(" link=")
                        .append(more.linkNumber())
                        .append(" rkeys-left=")
                        .append(more.rkeysLeft());
                more.rkeys().forEach(rkey -> Numbers.hex(out.append(" rkey="), rkey.rkeyOnNewLink()));
            }
            case LlcDeleteLink delete -> {
                out.append(delete.all() ? " all links" : " link=" + delete.linkNumber());
                if (delete.orderly()) {
                    out.append(" orderly");
                }
                Numbers.hex(out.append(" reason="), delete.reason());
                delete.knownReason()
                        .ifPresent(reason ->
                                out.append(" (").append(reason.meaning()).append(')'));
            }
            case LlcRequestAddLink request -> {
                out.append(" gids=[");
                request.gids()
                        .forEach(gid -> out.append(out.charAt(out.length() - 1) == '[' ? "" : ",")
                                .append(Addresses.of(gid)));
                out.append(']');
            }
            case LlcConfirmRkey confirm -> {
                Numbers.hex(out.append(" rkey="), confirm.rkey());
                Numbers.hex(out.append(" vaddr="), confirm.address());
                confirm.additional().forEach(more -> {
                    Numbers.hex(out.append(" link ").append(more.linkNumber()).append(": rkey="), more.rkey());
                    Numbers.hex(out.append(" vaddr="), more.address());
                });
                negative(confirm.negative(), out);
            }
            case LlcConfirmRkeyContinue more -> {
                out.append(" rtokens-left=").append(more.remaining());
                more.rtokens().forEach(rtoken -> {
                    Numbers.hex(out.append(" link ").append(rtoken.linkNumber()).append(": rkey="), rtoken.rkey());
                    Numbers.hex(out.append(" vaddr="), rtoken.address());
                });
            }
            case LlcDeleteRkey delete -> {
                out.append(" rkeys=").append(delete.count());
                if (!delete.response()) {
                    delete.rkeys().forEach(rkey -> Numbers.hex(out.append(' '), rkey));
                }
                negative(delete.negative(), out);
            }
            case LlcTestLink test -> {
                if (test.userDataHigh() != 0 || test.userDataLow() != 0) {
                    Numbers.hex(out.append(" user-data="), test.userDataHigh()).append(' ');
                    Numbers.hex(out, test.userDataLow());
                }
            }
        }
    }

    private static void addLink(LlcAddLink add, StringBuilder out) {
        if (add.rejected()) {
            out.append(" rejected");
            if (add.version() == 1) {
                out.append(" reason=").append(add.rejectReason());
            }
        }
        out.append(" link=").append(add.linkNumber());
        port(add.gid(), add.mac().toString(), add.qpNumber(), out);
        add.mtu().ifPresent(mtu -> out.append(" mtu=").append(mtu.bytes()));
        Numbers.hex(out.append(" psn="), add.psn());
        if (add.isInvitation()) {
            out.append(" invitation");
        }
        add.extension().ifPresent(extension -> {
            out.append(" rkeys=").append(extension.rkeys().size());
            if (extension.announcedRkeys() != extension.rkeys().size()) {
                out.append(" of ").append(extension.announcedRkeys()).append(" announced");
            }
            extension.rkeys().forEach(rkey -> {
                Numbers.hex(out.append(' '), rkey.rkeyOnCarryingLink());
                Numbers.hex(out.append("->"), rkey.rkeyOnNewLink());
            });
        });
    }

    private static void port(Gid gid, String mac, int queuePair, StringBuilder out) {
        out.append(" gid=").append(Addresses.of(gid)).append(" mac=").append(mac);
        Numbers.hex(out.append(" qpn="), queuePair);
    }

    private static void negative(boolean negative, StringBuilder out) {
        if (negative) {
            out.append(" refused");
        }
    }
}
