package io.smc4j.protocol;

import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.clc.ProposalSmcdArea;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcType;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcdSelection;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LinkRtoken;
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
import io.smc4j.protocol.llc.LlcType;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Any valid message, with a bent for the edges of each range. */
public final class MessageGenerator {
    private static final String EID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

    /** So many rkeys make an ADD LINK of 0x0808 bytes, in which only a likely count tells the byte order. */
    private static final int LENGTH_IS_THE_SAME_IN_BOTH_ORDERS = 124;

    private final SplittableRandom random;

    public MessageGenerator(SplittableRandom random) {
        this.random = random;
    }

    // ---- CLC

    public ClcMessage clc() {
        return switch (random.nextInt(6)) {
            case 0 -> proposal();
            case 1 -> acceptSmcr();
            case 2 -> acceptSmcd();
            case 3 -> confirmSmcr();
            case 4 -> confirmSmcd();
            default -> decline();
        };
    }

    public ClcProposal proposal() {
        int version = clcVersion();
        SmcType typeV1 = SmcType.ofBits(random.nextInt(4));
        SmcType typeV2 = SmcType.ofBits(random.nextInt(4));
        if (version == 1) {
            typeV1 = typeV1 == SmcType.NONE ? SmcType.R : typeV1;
            typeV2 = SmcType.NONE;
        }
        boolean area = version >= 2 || typeV1.offersD() || random.nextBoolean();
        long ismGid = typeV1 == SmcType.NONE ? random.nextLong() & ~0xFFL | random.nextInt(9) : bits(64);
        boolean smcdV2 = typeV2.offersD() && random.nextInt(8) != 0;
        return new ClcProposal(
                version,
                typeV1,
                typeV2,
                peerId(),
                gid(),
                mac(),
                optional(area, () -> new ProposalSmcdArea(ismGid, bits(16, 0), bits(24, 0), bits(40))),
                optional(typeV1 != SmcType.NONE, this::prefixes),
                optional(typeV2 != SmcType.NONE, () -> v2Extension(smcdV2)));
    }

    private ProposalPrefixes prefixes() {
        return new ProposalPrefixes(
                bits(32, 0),
                bits(8, 0),
                list(random.nextInt(9), () -> new ProposalPrefixes.Ipv6Prefix(gid(), bits(8, 0))));
    }

    private ProposalV2Extension v2Extension(boolean smcd) {
        return new ProposalV2Extension(
                random.nextInt(16),
                random.nextBoolean(),
                gid(),
                bits(8, 0),
                bits(8, 0),
                bits(16, 0),
                list(random.nextInt(9), this::eid),
                optional(
                        smcd,
                        () -> new ProposalV2Extension.SmcdV2(
                                optional(random.nextBoolean(), this::eid),
                                list(
                                        random.nextInt(9),
                                        () -> new ProposalV2Extension.IsmEntry(bits(64), bits(16, 0))))));
    }

    public ClcAcceptSmcr acceptSmcr() {
        int version = clcVersion();
        boolean first = random.nextBoolean();
        return new ClcAcceptSmcr(
                version,
                first,
                smcrEndpoint(),
                optional(version >= 2, this::eid),
                optional(version >= 2 && first, this::smcrFirstContact));
    }

    public ClcConfirmSmcr confirmSmcr() {
        int version = clcVersion();
        boolean first = random.nextBoolean();
        boolean extended = version >= 2 && first;
        return new ClcConfirmSmcr(
                version,
                first,
                smcrEndpoint(),
                optional(version >= 2, this::eid),
                optional(extended, this::smcrFirstContact),
                list(extended ? count(255) : 0, this::gid));
    }

    public ClcAcceptSmcd acceptSmcd() {
        int version = clcVersion();
        boolean first = random.nextBoolean();
        return new ClcAcceptSmcd(
                version,
                first,
                smcdEndpoint(),
                optional(version >= 2, this::smcdSelection),
                optional(version >= 2 && first, this::smcdFirstContact));
    }

    public ClcConfirmSmcd confirmSmcd() {
        ClcAcceptSmcd accept = acceptSmcd();
        return new ClcConfirmSmcd(
                accept.version(), accept.firstContact(), accept.endpoint(), accept.selection(), accept.extension());
    }

    public ClcDecline decline() {
        int version = clcVersion();
        return new ClcDecline(
                version,
                random.nextBoolean(),
                peerId(),
                bits(32, 0),
                version == 1 ? 0 : random.nextInt(16),
                list(version == 1 ? 0 : 4, () -> bits(32, 0)));
    }

    private SmcrEndpoint smcrEndpoint() {
        return new SmcrEndpoint(
                peerId(),
                gid(),
                mac(),
                bits(24, 0),
                bits(32, 0),
                bits(8, 1),
                token(),
                new BufferSizeClass(random.nextInt(16)),
                PathMtu.values()[random.nextInt(5)],
                bits(64),
                bits(24, 0));
    }

    private SmcdEndpoint smcdEndpoint() {
        return new SmcdEndpoint(bits(64), bits(64), bits(8, 0), new BufferSizeClass(random.nextInt(16)), bits(32, 0));
    }

    private SmcdSelection smcdSelection() {
        return new SmcdSelection(bits(16, 0), eid(), bits(64));
    }

    private FirstContactExtension smcrFirstContact() {
        return new FirstContactExtension(
                random.nextBoolean(),
                random.nextInt(16),
                random.nextInt(16),
                hostName(),
                bits(8, 0),
                bits(8, 0),
                bits(16, 0),
                bits(32, 0));
    }

    private FirstContactExtension smcdFirstContact() {
        FirstContactExtension any = smcrFirstContact();
        return any.release() > 0 ? any : FirstContactExtension.release0(any.direct(), any.osType(), any.hostName());
    }

    // ---- LLC

    public LlcMessage llc() {
        return llc(LlcType.values()[random.nextInt(9)]);
    }

    public LlcMessage llc(LlcType type) {
        int version = !type.existsIn(1) ? 2 : !type.existsIn(2) ? 1 : 1 + random.nextInt(2);
        boolean response = random.nextBoolean();
        return switch (type) {
            case CONFIRM_LINK ->
                new LlcConfirmLink(
                        version,
                        response,
                        random.nextInt(4),
                        mac(),
                        gid(),
                        bits(24, 0),
                        bits(8, 1),
                        bits(32, 0),
                        bits(8, 0),
                        bits(8, 0));
            case ADD_LINK -> addLink(version, response);
            case ADD_LINK_CONTINUE -> {
                int left = bits(8, 0);
                yield new LlcAddLinkContinue(response, bits(8, 0), left, list(Math.min(left, 2), this::addLinkRkey));
            }
            case DELETE_LINK ->
                new LlcDeleteLink(
                        version, response, random.nextBoolean(), random.nextBoolean(), bits(8, 0), bits(32, 0));
            case REQUEST_ADD_LINK -> new LlcRequestAddLink(response, list(count(255), this::gid));
            case CONFIRM_RKEY -> {
                int more = bits(8, 0);
                yield new LlcConfirmRkey(
                        version,
                        response,
                        random.nextBoolean(),
                        random.nextBoolean(),
                        bits(32, 0),
                        bits(64),
                        more,
                        list(Math.min(more, 2), this::rtoken));
            }
            case CONFIRM_RKEY_CONTINUE -> {
                int more = bits(8, 0);
                yield new LlcConfirmRkeyContinue(response, more, list(Math.min(more, 3), this::rtoken));
            }
            case DELETE_RKEY -> {
                int count = 1 + count(version == 1 ? 7 : 254);
                boolean shortened = version == 2 && response && random.nextBoolean();
                yield new LlcDeleteRkey(
                        version,
                        response,
                        random.nextBoolean(),
                        count,
                        bits(8, 0),
                        list(shortened ? Math.min(count, 9) : count, () -> bits(32, 0)));
            }
            case TEST_LINK -> new LlcTestLink(version, response, bits(64), bits(64));
        };
    }

    private LlcAddLink addLink(int version, boolean response) {
        boolean rejected = response && random.nextBoolean();
        List<AddLinkRkey> rkeys = list(count(255), this::addLinkRkey);
        return new LlcAddLink(
                version,
                response,
                rejected,
                rejected && version == 1 ? random.nextInt(16) : 0,
                new MacAddress(1 + random.nextLong((1L << 48) - 1)),
                gid(),
                bits(24, 0),
                bits(8, 0),
                PathMtu.ofCode(random.nextInt(6)),
                bits(24, 0),
                optional(
                        version == 2 && random.nextBoolean(),
                        () -> new LlcAddLink.Extension(
                                random.nextBoolean(),
                                gid(),
                                rkeys.size() == LENGTH_IS_THE_SAME_IN_BOTH_ORDERS || random.nextBoolean()
                                        ? rkeys.size()
                                        : rkeys.size() + random.nextInt(0xFFFF - 255),
                                rkeys)));
    }

    private AddLinkRkey addLinkRkey() {
        return new AddLinkRkey(bits(32, 0), bits(32, 0), bits(64));
    }

    private LinkRtoken rtoken() {
        return new LinkRtoken(bits(8, 0), bits(32, 0), bits(64));
    }

    // ---- CDC

    public CdcMessage cdc() {
        return new CdcMessage(bits(16, 0), token(), cursor(), cursor(), bits(8, 0), bits(8, 0));
    }

    public Cursor cursor() {
        return new Cursor(bits(16, 0), bits(29, 0));
    }

    // ---- parts

    private int clcVersion() {
        return random.nextInt(8) == 0 ? 1 + random.nextInt(15) : 1 + random.nextInt(2);
    }

    private int token() {
        int token = bits(32, 0);
        return token == 0 ? 1 : token;
    }

    public Gid gid() {
        return random.nextBoolean() ? Gid.ofIpv4Mapped(bits(32, 0)) : new Gid(bits(64), bits(64));
    }

    private MacAddress mac() {
        return new MacAddress(bits(48));
    }

    private PeerId peerId() {
        return new PeerId(bits(64));
    }

    public Eid eid() {
        int length = 1 + random.nextInt(32);
        StringBuilder text = new StringBuilder();
        text.append(EID_LETTERS.charAt(random.nextInt(36)));
        while (text.length() < length) {
            text.append(EID_LETTERS.charAt(random.nextInt(EID_LETTERS.length())));
        }
        return new Eid(text.toString());
    }

    private String hostName() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(33);
        while (text.length() < length) {
            text.append((char) random.nextInt(0x21, 0x100));
        }
        return text.toString();
    }

    /** A count that is mostly small. */
    private int count(int max) {
        return random.nextInt(16) == 0 ? random.nextInt(max + 1) : random.nextInt(Math.min(max, 4) + 1);
    }

    /** So many random bits; one time in four the least or the greatest value. */
    private int bits(int width, int least) {
        int greatest = width == 32 ? -1 : (1 << width) - 1;
        return switch (random.nextInt(8)) {
            case 0 -> least;
            case 1 -> greatest;
            default -> width == 32 ? random.nextInt() : least + random.nextInt(greatest - least + 1);
        };
    }

    private long bits(int width) {
        long greatest = width == 64 ? -1L : (1L << width) - 1;
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> greatest;
            default -> random.nextLong() & greatest;
        };
    }

    private <T> List<T> list(int size, Supplier<T> element) {
        return Stream.generate(element).limit(size).toList();
    }

    private static <T> Optional<T> optional(boolean present, Supplier<T> value) {
        return present ? Optional.of(value.get()) : Optional.empty();
    }
}
