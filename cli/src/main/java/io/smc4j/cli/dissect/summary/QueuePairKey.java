package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Place;
import io.smc4j.protocol.Gid;

/** One direction of a link: ports of sender and receiver, and the receiver's queue pair. */
record QueuePairKey(Gid source, Gid destination, int queuePair) {
    static QueuePairKey of(Place place) {
        return new QueuePairKey(place.source(), place.destination(), place.queuePair());
    }

    /** Whether this may be the other direction. */
    boolean answers(QueuePairKey other) {
        return source.equals(other.destination) && destination.equals(other.source);
    }
}
