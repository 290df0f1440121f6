package io.smc4j.actors.queue;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RemoteDmb;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** An ISM device of which a test rings the doorbells. */
final class FakeIsmB implements IsmDevice {
    /** Cookies of the doorbells that rang and were not delivered yet. */
    final ArrayDeque<Object> rung = new ArrayDeque<>();

    int awaits;

    /** Nanoseconds of the last await. */
    long lastAwait;

    @Override
    public IsmGid gid() {
        return new IsmGid(1, 2);
    }

    @Override
    public int chid() {
        return 0xFF01;
    }

    @Override
    public boolean reaches(IsmGid peer) {
        return true;
    }

    @Override
    public Dmb register(int size, Object cookie) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RemoteDmb attach(IsmGid peer, long token, int size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int pollSignals(SignalHandler handler) {
        int count = rung.size();
        for (int i = 0; i < count; i++) {
            handler.onSignal(rung.remove());
        }
        return count;
    }

    @Override
    public @Nullable IsmEvent pollEvent() {
        return null;
    }

    @Override
    public void arm() {}

    @Override
    public void await(long timeoutNanos) {
        awaits++;
        lastAwait = timeoutNanos;
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {}
}
