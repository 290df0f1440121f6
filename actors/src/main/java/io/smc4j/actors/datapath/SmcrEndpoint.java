package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

public final class SmcrEndpoint implements Endpoint {
    public SmcrEndpoint(
            int alertToken,
            SendBuffer sendBuffer,
            MemorySegment rmbe,
            EndpointListener listener,
            WaitSettings waiting) {}

    public int alertToken() {
        return 0;
    }
    /** The link it is attached to, or null. Any thread. */
    public @Nullable DataLink link() {
        return null;
    }

    public void push() {}

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        throw new UnsupportedOperationException();
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean readable() {
        return false;
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public void awaitReadable(long timeoutNanos) throws InterruptedException {}

    @Override
    public void awaitWritable(long timeoutNanos) throws InterruptedException {}

    @Override
    public void onReadable(Runnable callback) {}

    @Override
    public void onWritable(Runnable callback) {}

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public long bytesWritten() {
        return 0;
    }

    @Override
    public void stopWriting() {}

    @Override
    public void stopReading() {}

    @Override
    public boolean hasUnread() {
        return false;
    }

    @Override
    public void requestDrained() {}

    @Override
    public void sendStateFlags(int stateFlags) {}

    @Override
    public void fail(SmcException reason) {}
}
