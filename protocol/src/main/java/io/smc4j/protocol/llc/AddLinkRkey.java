package io.smc4j.protocol.llc;

/**
 * One RMB on a link that is being added: known by its key on an old link, reached by another on the new one.
 *
 * @param rkeyOnCarryingLink key of the RMB on the link that carries the message
 * @param rkeyOnNewLink key of the same RMB on the new link
 * @param addressOnNewLink remote address of the RMB on the new link
 */
public record AddLinkRkey(int rkeyOnCarryingLink, int rkeyOnNewLink, long addressOnNewLink) {}
