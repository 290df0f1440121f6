package io.smc4j.rdma;

import org.jspecify.annotations.Nullable;

/**
 * An Internal Shared Memory device: direct memory buffers (DMBs) that one side registers and the other attaches to.
 *
 * <p>Thread rules: {@link #pollSignals}, {@link #pollEvent}, {@link #arm} and {@link #await} by one owner thread; the rest by any.
 * {@link #close} refuses while a DMB is registered or attached.
 */
public interface IsmDevice extends AutoCloseable {
    IsmGid gid();

    /** Fabric id, 0xFF00..0xFFFF for emulated ISM. */
    int chid();

    /** Whether DMBs of the device with that GID can be attached from here, now. */
    boolean reaches(IsmGid peer);

    /**
     * Registers a DMB of {@code size} zeroed bytes for one peer. May take milliseconds: never on an actor's turn.
     *
     * @param cookie handed to {@link SignalHandler} when the peer signals it
     * @throws RdmaException category OUT_OF_RESOURCES if memory or the number of DMBs is exhausted
     */
    Dmb register(int size, Object cookie) throws RdmaException;

    /**
     * Attaches to a peer's DMB for writing. May take milliseconds: never on an actor's turn.
     *
     * @param size size that the peer announced; a DMB of another size is refused
     */
    RemoteDmb attach(IsmGid peer, long token, int size) throws RdmaException;

    /** Delivers pending doorbells, at most once per DMB and call. Never blocks. @return how many */
    int pollSignals(SignalHandler handler);

    /** Next event of the device, or null. Never blocks. */
    @Nullable
    IsmEvent pollEvent();

    /** As {@link CompletionQueue#arm}: asks that the next doorbell ends {@link #await}. */
    void arm();

    /** As {@link CompletionQueue#await}. */
    void await(long timeoutNanos);

    /** As {@link CompletionQueue#wakeUp}. */
    void wakeUp();

    @Override
    void close();

    /** Receives doorbells. */
    @FunctionalInterface
    interface SignalHandler {
        void onSignal(Object cookie);
    }
}
