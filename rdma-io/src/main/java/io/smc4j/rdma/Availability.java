package io.smc4j.rdma;

/** Whether a provider can work on this machine, and if not, why and what would help. */
public sealed interface Availability {

    /** The provider can be used. @param detail what it found, for {@code smc4j doctor} */
    record Available(String detail) implements Availability {}

    /**
     * The provider cannot be used here.
     *
     * @param reason what is missing
     * @param advice what the user can do about it
     */
    record Unavailable(String reason, String advice) implements Availability {}
}
