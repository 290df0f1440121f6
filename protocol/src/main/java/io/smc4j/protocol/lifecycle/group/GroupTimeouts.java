package io.smc4j.protocol.lifecycle.group;

import java.time.Duration;

/**
 * The waits of a link group; defaults are Linux's.
 *
 * @param llcWait answer to any LLC request
 * @param llcFirstWait CONFIRM LINK of an added link
 * @param clientConfirmLink the client's wait for CONFIRM LINK on first contact (at least twice the server's, R-30)
 * @param flowInitiate longest wait for the local flow slot
 * @param idle how long a group without connections lives on; the client's must be longer than the server's
 * @param terminationStep deadline of each step of termination
 */
public record GroupTimeouts(
        Duration llcWait,
        Duration llcFirstWait,
        Duration clientConfirmLink,
        Duration flowInitiate,
        Duration idle,
        Duration terminationStep) {
    /** What Linux uses, for a role. */
    public static GroupTimeouts linux(GroupRole role) {
        return new GroupTimeouts(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(4),
                Duration.ofSeconds(20),
                Duration.ofSeconds(role == GroupRole.SERVER ? 600 : 610),
                Duration.ofSeconds(2));
    }
}
