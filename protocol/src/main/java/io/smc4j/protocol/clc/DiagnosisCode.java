package io.smc4j.protocol.clc;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why an end declines SMC, with the numbers that Linux uses on the wire and in its statistics.
 *
 * <p>Peers may send others (z/OS and AIX have their own, so had Linux in 2017); messages keep the number.
 */
public enum DiagnosisCode {
    MEM(
            0x01010000,
            "no memory for a link group, link, buffer or rkey exchange",
            "Give the host more memory (locked memory for RDMA), or use smaller buffers or fewer connections."),
    TIMEOUT_CL(
            0x02010000,
            "CONFIRM LINK did not arrive in time on first contact",
            "Check that RDMA packets (UDP port 4791) pass between the two RoCE ports, and their MTU and VLAN."),
    TIMEOUT_AL(
            0x02020000,
            "ADD LINK did not arrive in time",
            "Check that RDMA packets pass between the second pair of RoCE ports."),
    CNFERR(
            0x03000000,
            "local configuration error: no IP prefix, or the VLAN could not be released",
            "Give the interface of the connection a global IP address and check its VLAN."),
    PEERNOSMC(
            0x03010000,
            "the peer does not speak SMC, or no version that both speak",
            "Nothing to do for a plain TCP peer. Otherwise check that the peer enables SMC, and that no firewall strips TCP option 254."),
    IPSEC(
            0x03020000,
            "the TCP connection is protected by IPsec, which SMC would bypass",
            "Exempt the connection from the IPsec policy, or stay with TCP."),
    NOSMCDEV(
            0x03030000,
            "no device for SMC-R or SMC-D",
            "Check that an RDMA or ISM device exists, is active, and shares the network (pnetid) of the IP interface."),
    NOSMCDDEV(0x03030001, "no device for SMC-D", "Check that an ISM device exists and both ends run on one machine."),
    NOSMCRDEV(
            0x03030002,
            "no device for SMC-R",
            "Check that an RDMA port is active and shares the network (pnetid) of the IP interface."),
    NOISM2SUPP(
            0x03030003,
            "the ISM device does not support SMC-D version 2",
            "Use a device of the second generation, or offer version 1."),
    NOV2EXT(
            0x03030004,
            "the proposal lacks the version 2 extension",
            "The peer's implementation is at fault; report it with a capture."),
    NOV2DEXT(
            0x03030005,
            "the proposal lacks the SMC-D version 2 extension",
            "The peer's implementation is at fault; report it with a capture."),
    NOSEID(0x03030006, "no system EID", "Enable the system EID, or configure a common user EID on both ends."),
    NOSMCD2DEV(
            0x03030007,
            "no SMC-D version 2 device that both ends share",
            "Check that both ends run on one machine and see the same ISM fabric (CHID)."),
    NOUEID(0x03030008, "the proposal offers no enterprise id", "Configure the same user EID on both ends."),
    RELEASEERR(
            0x03030009,
            "the release of version 2.1 does not match what was negotiated",
            "The peer's implementation is at fault; report it with a capture."),
    MAXCONNERR(
            0x0303000A,
            "the limit of connections per link group could not be agreed on",
            "Allow at least 16 connections per link group on both ends."),
    MAXLINKERR(
            0x0303000B,
            "the limit of links per link group could not be agreed on",
            "Allow one or two links per link group on both ends."),
    MODEUNSUPP(
            0x03040000,
            "the server accepted a transport or version that was not offered",
            "The peer's implementation is at fault; report it with a capture."),
    RMBE_EC(
            0x03050000,
            "the peer wants eyecatchers inside its receive buffers",
            "Configure the peer to do without RMBE eyecatchers."),
    OPTUNSUPP(
            0x03060000,
            "the socket uses an option that SMC cannot honour, such as TCP fast open",
            "Do without TCP fast open on this connection."),
    DIFFPREFIX(
            0x03070000,
            "the two ends are in different IP subnets, which version 1 cannot cross",
            "Put both ends in one subnet, or use version 2 with a common EID."),
    GETVLANERR(
            0x03080000,
            "the VLAN of the IP interface could not be found out",
            "Check the interface (and its bond or bridge) below the connection."),
    ISMVLANERR(
            0x03090000,
            "the ISM device refused the VLAN",
            "Check that the VLAN is allowed for the ISM device, and its limit of VLANs."),
    NOACTLINK(
            0x030A0000,
            "the link group to be reused has no active link",
            "Try again; if it lasts, check the RDMA ports on both ends."),
    NOSRVLINK(
            0x030B0000,
            "the client does not know the link that the server chose",
            "Try again: the link went away during the handshake. If it lasts, report it with a capture."),
    VERSMISMAT(
            0x030C0000, "the versions of the two ends do not match", "Check which SMC versions each end has enabled."),
    MAX_DMB(0x030D0000, "the ISM device has no buffer left", "Use fewer SMC-D connections or another ISM device."),
    NOROUTE(
            0x030E0000,
            "no IP route to the peer's RoCE address",
            "Add a route to the peer's RoCE address, or check its address."),
    NOINDIRECT(
            0x030F0000,
            "the peer reaches us over a gateway, we reach it directly",
            "Make the routes between the two RoCE ports symmetric."),
    SYNCERR(
            0x04000000,
            "the link groups of the two ends no longer match",
            "Nothing to do: both ends drop the link group, the next connection makes a new one."),
    PEERDECL(0x05000000, "the peer declined", "See the peer's own diagnosis."),
    INTERR(0x09990000, "internal error", "Look at the log of the end that declined."),
    ERR_RTOK(
            0x09990001,
            "the table of remote buffers is full or could not be updated",
            "Use fewer connections per link group (255 remote buffers at most)."),
    ERR_RDYLNK(
            0x09990002,
            "the queue pair could not be made ready",
            "Check the RDMA port and the path (MTU, GID type, VLAN) to the peer's port."),
    ERR_REGBUF(
            0x09990003,
            "a buffer could not be registered, or the peer did not confirm its rkey",
            "Check the limit of locked memory, and that RDMA packets pass between the ports.");

    private static final Map<Integer, DiagnosisCode> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(DiagnosisCode::code, Function.identity()));

    private final int code;
    private final String meaning;
    private final String advice;

    DiagnosisCode(int code, String meaning, String advice) {
        this.code = code;
        this.meaning = meaning;
        this.advice = advice;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What happened, as a phrase. */
    public String meaning() {
        return meaning;
    }

    /** What the administrator can do about it, as a sentence. */
    public String advice() {
        return advice;
    }

    /** The reason of a number, if Linux has it. */
    public static Optional<DiagnosisCode> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Name, number and meaning: {@code NOUEID 0x03030008 (the proposal offers no enterprise id)}. */
    public String describe() {
        return name() + " 0x" + HexFormat.of().withUpperCase().toHexDigits(code) + " (" + meaning + ')';
    }
}
