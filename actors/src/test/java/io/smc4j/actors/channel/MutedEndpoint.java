package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes and gives any number of bytes at once and allocates nothing, so that what a channel allocates can be measured. */
final class MutedEndpoint implements Endpoint {
    @Override
    public long tryRead(MemorySegment target, long offset, long length) {
        target.set(ValueLayout.JAVA_BYTE, offset + length - 1, (byte) 1);
        return length;
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) {
        return source.get(ValueLayout.JAVA_BYTE, offset + length - 1) == 77 ? 0 : length;
    }

    @Override
    public boolean readable() {
        return true;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void awaitReadable(long timeoutNanos) {}

    @Override
    public void awaitWritable(long timeoutNanos) {}

    @Override
    public void onReadable(Runnable callback) {
        callback.run();
    }

    @Override
    public void onWritable(Runnable callback) {
        callback.run();
    }

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

    @Override
    public long claim(Window window, long most) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public void commit(long bytes) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public long peek(Window window) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public void release(long bytes) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public boolean closeViews() {
        return true;
    }
}
