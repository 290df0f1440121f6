package io.smc4j.rdma;

/** Status of a completed work request, as the verbs number them. */
public enum CompletionStatus {
    SUCCESS(0),
    LOC_LEN_ERR(1),
    LOC_QP_OP_ERR(2),
    LOC_PROT_ERR(4),
    WR_FLUSH_ERR(5),
    REM_INV_REQ_ERR(9),
    REM_ACCESS_ERR(10),
    REM_OP_ERR(11),
    RETRY_EXC_ERR(12),
    RNR_RETRY_EXC_ERR(13),
    GENERAL_ERR(21);

    private final int code;

    CompletionStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The status with a verbs code; codes that SMC does not tell apart become {@link #GENERAL_ERR}. */
    public static CompletionStatus of(int code) {
        for (CompletionStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return GENERAL_ERR;
    }
}
