package io.smc4j.cli.soak;

import io.smc4j.TransportPreference;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What one connection does; both ends derive the same from the seed and the connection's number.
 *
 * @param id number of the connection, see {@link #id}
 * @param transport what the initiator asks for
 * @param toAcceptor bytes the initiator sends if nothing disturbs it
 * @param toInitiator bytes the acceptor sends
 * @param largest most bytes of one write or read call
 * @param pausePercent how many of 100 calls are followed by a pause
 * @param ending how it ends
 * @param endsAt position in the stream of the end that aborts (or reads, for {@link Ending#CLOSED_UNREAD}) at which it does
 */
record ConnectionPlan(
        long id,
        TransportPreference transport,
        long toAcceptor,
        long toInitiator,
        int largest,
        int pausePercent,
        Ending ending,
        long endsAt) {
    private static final int COUNTER_BITS = 40;
    private static final int PEER_BITS = 1;

    /** @param peer 0 or 1: which process opens it. @param incarnation how often that process was restarted */
    static long id(int peer, int incarnation, long counter) {
        return ((long) incarnation << (COUNTER_BITS + PEER_BITS)) | ((long) peer << COUNTER_BITS) | counter;
    }

    /** Which process opened a connection. */
    static int peer(long id) {
        return (int) (id >>> COUNTER_BITS) & 1;
    }

    static ConnectionPlan of(long seed, long id, List<TransportPreference> transports) {
        RandomGenerator random = generator(seed, id, 0);
        Ending ending = Ending.of(random.nextInt(100));
        long toAcceptor = size(random);
        long toInitiator = size(random);
        if (ending == Ending.INITIATOR_CLOSES) {
            toInitiator = 0;
        } else if (ending == Ending.ACCEPTOR_CLOSES || ending == Ending.CLOSED_UNREAD) {
            toAcceptor = 0;
        }
        long ofWhom = ending == Ending.INITIATOR_ABORTS ? toAcceptor : toInitiator;
        return new ConnectionPlan(
                id,
                transports.get(random.nextInt(transports.size())),
                toAcceptor,
                toInitiator,
                1 << (4 + random.nextInt(14)),
                random.nextInt(4) == 0 ? 5 : 0,
                ending,
                random.nextLong(ofWhom + 1));
    }

    /** A generator for one purpose of one connection. */
    static RandomGenerator generator(long seed, long id, int purpose) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(Pattern.mix(seed ^ Pattern.mix(id)) + purpose);
    }

    /** Mostly little, sometimes megabytes; every size class between is as likely as the next. */
    private static long size(RandomGenerator random) {
        int percent = random.nextInt(100);
        int bits = percent < 55 ? random.nextInt(12) : percent < 85 ? 12 + random.nextInt(6) : 18 + random.nextInt(4);
        return (1L << bits) + random.nextLong(1L << bits);
    }
}
