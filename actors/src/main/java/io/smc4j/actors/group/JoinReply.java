package io.smc4j.actors.group;

import io.smc4j.actors.connection.Connection;
import io.smc4j.protocol.clc.DiagnosisCode;
import org.apache.pekko.actor.typed.ActorRef;

/** What a link group answers a handshake. */
public sealed interface JoinReply {
    /** Our end is ready to be told to the peer. */
    record Offered(long connection, LocalOffer offer) implements JoinReply {}

    /** No place here. @param tryAnother whether another group might have one */
    record Refused(DiagnosisCode reason, String detail, boolean tryAnother) implements JoinReply {}

    /** After an offer: both ends are connected; the connection waits for its TCP socket. */
    record Connected(ActorRef<Connection.Command> connection) implements JoinReply {}

    /** After an offer: it will not come about. */
    record Failed(DiagnosisCode reason, String detail) implements JoinReply {}
}
