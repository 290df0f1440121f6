package io.smc4j.protocol.clc;

import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.internal.Checks;
import java.util.List;
import java.util.Optional;

/**
 * No SMC on this connection, and why: both ends go on with plain TCP.
 *
 * @param version 1, or 2 and above
 * @param outOfSync the sender's link group no longer matches the receiver's, who must end his; set with
 *     {@link DiagnosisCode#SYNCERR} alone
 * @param peerId the sender's host, {@link PeerId#NONE} without an RDMA port
 * @param diagnosis the reason as sent; {@link #knownDiagnosis()} explains the ones we know
 * @param osType version 2: the sender's system as in {@link FirstContactExtension#osType()}; 0 in version 1
 * @param additionalDiagnoses version 2: four more reasons, zero in Linux; empty in version 1
 */
public record ClcDecline(
        int version, boolean outOfSync, PeerId peerId, int diagnosis, int osType, List<Integer> additionalDiagnoses)
        implements ClcMessage {
    /** How many additional reasons a version 2 message has room for. */
    public static final int ADDITIONAL_DIAGNOSES = 4;

    private static final List<Integer> NO_ADDITIONAL_DIAGNOSES = List.of(0, 0, 0, 0);

    /** @throws IllegalArgumentException if a field is out of its range or does not belong to the version */
    public ClcDecline {
        Checks.range("CLC version", version, 1, 15);
        Checks.range("OS type", osType, 0, version == 1 ? 0 : 15);
        additionalDiagnoses = List.copyOf(additionalDiagnoses);
        int expected = version == 1 ? 0 : ADDITIONAL_DIAGNOSES;
        Checks.range("number of additional diagnoses", additionalDiagnoses.size(), expected, expected);
    }

    /** The DECLINE that Linux would send for a reason. */
    public static ClcDecline of(int version, PeerId peerId, DiagnosisCode reason) {
        return new ClcDecline(
                version,
                reason == DiagnosisCode.SYNCERR,
                peerId,
                reason.code(),
                version == 1 ? 0 : FirstContactExtension.OS_LINUX,
                version == 1 ? List.of() : NO_ADDITIONAL_DIAGNOSES);
    }

    /** The reason, if it is one of Linux's. */
    public Optional<DiagnosisCode> knownDiagnosis() {
        return DiagnosisCode.of(diagnosis);
    }

    @Override
    public ClcType type() {
        return ClcType.DECLINE;
    }
}
