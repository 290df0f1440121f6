package io.smc4j.actors.handshake;

/** What a listener knows of a client before it has read a byte. */
enum ClientKind {
    /** It told, in shared memory or by TCP option, that it speaks SMC: PROPOSAL is coming. */
    SPEAKS_SMC,
    /** Its SYN did not carry the TCP option: not a byte is looked at. */
    PLAIN_TCP,
    /** Its first bytes will tell. */
    UNKNOWN
}
