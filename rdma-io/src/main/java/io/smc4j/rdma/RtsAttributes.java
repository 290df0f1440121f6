package io.smc4j.rdma;

/**
 * Attributes of RTR → RTS.
 *
 * @param sendPsn own initial packet sequence number, 24 bits
 * @param timeoutCode acknowledge timeout 4.096 µs · 2^code (Linux SMC: 15, that is 134 ms)
 * @param retryCount transport retries before {@link CompletionStatus#RETRY_EXC_ERR} (Linux SMC: 7)
 * @param rnrRetry receiver-not-ready retries; 7 means for ever (Linux SMC: 7)
 */
public record RtsAttributes(int sendPsn, int timeoutCode, int retryCount, int rnrRetry) {
    /** The values Linux SMC uses. */
    public static RtsAttributes linux(int sendPsn) {
        return new RtsAttributes(sendPsn, 15, 7, 7);
    }
}
