package io.smc4j.actors.link;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;

/**
 * One end of a link, as CLC and ADD LINK messages tell it.
 *
 * @param gid GID of the port
 * @param mac MAC address of the port
 * @param qpNumber queue pair number, 24 bits
 * @param psn initial packet sequence number, 24 bits
 * @param mtu path MTU: own in an offer, the smaller of both in an answer
 */
public record LinkAddress(Gid gid, MacAddress mac, int qpNumber, int psn, PathMtu mtu) {}
