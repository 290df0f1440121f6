package io.smc4j.benchmarks.perf.peer;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;

/** One end's publication and subscription, and how its thread waits. */
final class AeronPipe {
    private static final int FRAGMENTS = 10;

    private final Publication publication;
    private final Subscription subscription;
    private final IdleStrategy idle;

    /** Both for one thread alone, so exclusive. */
    AeronPipe(Aeron aeron, int outStream, int inStream, IdleStrategy idle) {
        this.subscription = aeron.addSubscription(AeronPeer.channel(), inStream);
        this.publication = aeron.addExclusivePublication(AeronPeer.channel(), outStream);
        this.idle = idle;
    }

    void awaitConnected() {
        while (!publication.isConnected() || !subscription.isConnected()) {
            idle.idle();
        }
    }

    /** Offers until it is taken. @throws IllegalStateException if it never will be */
    void offer(DirectBuffer buffer, int offset, int length) {
        long position = publication.offer(buffer, offset, length);
        while (position < 0) {
            if (position != Publication.BACK_PRESSURED && position != Publication.ADMIN_ACTION) {
                throw new IllegalStateException("Aeron does not take a message: " + Publication.errorString(position));
            }
            idle.idle();
            position = publication.offer(buffer, offset, length);
        }
        idle.reset();
    }

    /** Polls once, and idles if there was nothing. */
    void poll(FragmentHandler handler) {
        idle.idle(subscription.poll(handler, FRAGMENTS));
    }

    /** @throws IllegalStateException if the other end is gone */
    void requireConnected() {
        if (!subscription.isConnected()) {
            throw new IllegalStateException("the other end of the Aeron stream is gone");
        }
    }
}
