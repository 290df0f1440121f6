package io.smc4j.protocol.fuzz;

import io.smc4j.protocol.MessageGenerator;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.TcpOption;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcType;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** A message that fuzzing aims at: how to make valid bytes of it, and what its decoder must hold. */
enum MessageKind {
    CLC_PROPOSAL(clc(MessageGenerator::proposal), MessageKind::checkClc),
    CLC_ACCEPT_SMCR(clc(MessageGenerator::acceptSmcr), MessageKind::checkClc),
    CLC_ACCEPT_SMCD(clc(MessageGenerator::acceptSmcd), MessageKind::checkClc),
    CLC_CONFIRM_SMCR(clc(MessageGenerator::confirmSmcr), MessageKind::checkClc),
    CLC_CONFIRM_SMCD(clc(MessageGenerator::confirmSmcd), MessageKind::checkClc),
    CLC_DECLINE(clc(MessageGenerator::decline), MessageKind::checkClc),
    LLC_CONFIRM_LINK(llc(LlcType.CONFIRM_LINK), MessageKind::checkLlc),
    LLC_ADD_LINK(llc(LlcType.ADD_LINK), MessageKind::checkLlc),
    LLC_ADD_LINK_CONTINUE(llc(LlcType.ADD_LINK_CONTINUE), MessageKind::checkLlc),
    LLC_DELETE_LINK(llc(LlcType.DELETE_LINK), MessageKind::checkLlc),
    LLC_REQUEST_ADD_LINK(llc(LlcType.REQUEST_ADD_LINK), MessageKind::checkLlc),
    LLC_CONFIRM_RKEY(llc(LlcType.CONFIRM_RKEY), MessageKind::checkLlc),
    LLC_CONFIRM_RKEY_CONTINUE(llc(LlcType.CONFIRM_RKEY_CONTINUE), MessageKind::checkLlc),
    LLC_DELETE_RKEY(llc(LlcType.DELETE_RKEY), MessageKind::checkLlc),
    LLC_TEST_LINK(llc(LlcType.TEST_LINK), MessageKind::checkLlc),
    CDC(generator -> CdcCodec.encode(generator.cdc()), MessageKind::checkCdc),
    TCP_OPTION(generator -> TcpOption.encode(), MessageKind::checkOption);

    /** Decodes, and throws an {@link AssertionError} if what came out does not survive another round. */
    private interface Check {
        void check(ByteBuffer bytes) throws ProtocolViolation;
    }

    private final Function<MessageGenerator, byte[]> valid;
    private final Check check;

    MessageKind(Function<MessageGenerator, byte[]> valid, Check check) {
        this.valid = valid;
        this.check = check;
    }

    /** The bytes of a valid message. */
    byte[] valid(MessageGenerator generator) {
        return valid.apply(generator);
    }

    /**
     * Decodes whatever bytes these are.
     *
     * @return whether they were accepted
     * @throws AssertionError if they were accepted but encode to something else than they mean
     */
    boolean accepts(ByteBuffer bytes) {
        try {
            check.check(bytes);
            return true;
        } catch (ProtocolViolation expected) {
            return false;
        }
    }

    /** What the decoder says to these bytes, without the numbers in it: what the corpus has one example of each. */
    String answer(ByteBuffer bytes) {
        try {
            check.check(bytes);
            return "accepted";
        } catch (ProtocolViolation violation) {
            return violation.protocolMessage() + ": " + violation.rule().replaceAll("\\b[0-9]+\\b", "N");
        }
    }

    private static Function<MessageGenerator, byte[]> clc(Function<MessageGenerator, ? extends ClcMessage> making) {
        return generator -> ClcCodec.encode(making.apply(generator));
    }

    private static Function<MessageGenerator, byte[]> llc(LlcType type) {
        return generator -> LlcCodec.encode(generator.llc(type));
    }

    private static void checkClc(ByteBuffer bytes) throws ProtocolViolation {
        ClcMessage message = ClcCodec.decode(bytes);
        same(message, ClcCodec.decode(ByteBuffer.wrap(ClcCodec.encode(message))));
    }

    private static void checkLlc(ByteBuffer bytes) throws ProtocolViolation {
        LlcMessage message = LlcCodec.decode(bytes);
        same(message, LlcCodec.decode(ByteBuffer.wrap(LlcCodec.encode(message, LlcCodec.byteOrderOf(bytes)))));
    }

    private static void checkCdc(ByteBuffer bytes) throws ProtocolViolation {
        CdcMessage message = CdcCodec.decode(bytes);
        same(message, CdcCodec.decode(ByteBuffer.wrap(CdcCodec.encode(message))));
    }

    private static void checkOption(ByteBuffer bytes) throws ProtocolViolation {
        int offset = TcpOption.offsetIn(bytes);
        if (offset >= 0) {
            same(TcpOption.MAGIC, bytes.getInt(bytes.position() + offset + 2));
        }
    }

    private static void same(Object first, Object again) {
        if (!first.equals(again)) {
            throw new AssertionError("decoded " + first + ", but encoding that gives " + again);
        }
    }
}
