package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;

public final class SmcdEndpoint implements Endpoint {
    public SmcdEndpoint(Dmb own, RemoteDmb peer, EndpointListener listener, WaitSettings waiting) {}

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
