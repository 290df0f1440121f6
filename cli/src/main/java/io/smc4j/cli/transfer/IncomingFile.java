package io.smc4j.cli.transfer;

import io.smc4j.cli.failure.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file on its way in. Written by one thread; {@link #close} may come from another and makes the next write fail. */
final class IncomingFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingFile.class);

    private final FileStore store;
    private final FileName name;
    private final Path temporary;
    private final Path target;
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.start();
    private long length;
    private boolean closed;

    IncomingFile(FileStore store, FileName name, Path temporary, Path target) throws IOException {
        this.store = store;
        this.name = name;
        this.temporary = temporary;
        this.target = target;
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    FileName name() {
        return name;
    }

    /** Bytes written so far. */
    long length() {
        return length;
    }

    /** @throws Refusal if they cannot be written: 507 when the disk is full */
    void write(byte[] bytes, int count) throws Refusal {
        ByteBuffer source = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        } catch (IOException e) {
            throw new Refusal(
                    507,
                    "cannot store '" + name.value() + "' after " + length + " bytes: " + Why.of(e)
                            + "; nothing was kept",
                    e);
        }
        digest.update(bytes, 0, count);
        length += count;
    }

    /**
     * Gives the file its name.
     *
     * @param expected the checksum the sender computed, if it sent one
     * @throws Refusal if the checksum is another, or the name was taken meanwhile; the file is removed by {@link #close}
     */
    Sha256 commit(Optional<Sha256> expected) throws Refusal {
        Sha256 actual = Sha256.finish(digest);
        if (expected.isPresent() && !expected.get().equals(actual)) {
            throw new Refusal(
                    422,
                    "the checksum of '" + name.value() + "' is wrong: " + actual + " arrived, " + expected.get()
                            + " was sent; nothing was kept");
        }
        store.refuseIfTaken(name);
        synchronized (this) {
            try {
                channel.close();
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                closed = true;
            } catch (IOException e) {
                throw new Refusal(500, "cannot give '" + name.value() + "' its name: " + Why.of(e), e);
            }
        }
        store.finished(this);
        return actual;
    }

    /** Removes the file unless it was committed. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                channel.close();
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                LOG.warn("cannot remove the unfinished file {}: {}", temporary, Why.of(e));
            }
        }
        store.finished(this);
    }
}
