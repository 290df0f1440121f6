package io.smc4j.cli.transfer;

import io.smc4j.cli.failure.Why;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory files are stored in. A file is written under a temporary name, {@code .NAME.PID-N.part}, and gets its own name
 * when it is complete and its checksum is right; so there is never half a file under a real name. Thread-safe.
 */
final class FileStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.([0-9]{1,10})-[0-9]+\\.part");

    private final Path directory;
    private final boolean overwrite;
    private final Set<IncomingFile> open = ConcurrentHashMap.newKeySet();
    private final Set<FileName> names = ConcurrentHashMap.newKeySet();
    private final AtomicLong serial = new AtomicLong();

    /** @param overwrite whether a file may replace one of the same name */
    FileStore(Path directory, boolean overwrite) {
        this.directory = directory;
        this.overwrite = overwrite;
    }

    /** Removes what a {@code serve} that was killed left behind. */
    void removeLeftovers() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*.part")) {
            for (Path file : files) {
                Matcher matcher = TEMPORARY.matcher(file.getFileName().toString());
                boolean dead = matcher.matches()
                        && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
                if (dead) {
                    Files.deleteIfExists(file);
                    LOG.warn("removed {}, which a killed smc4j serve had left behind", file);
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot look for leftovers in {}: {}", directory, Why.of(e));
        }
    }

    /**
     * Begins a file.
     *
     * @param length its length if the client said it
     * @throws Refusal if the name is taken, or there is no space, or the directory cannot be written
     */
    IncomingFile begin(FileName name, OptionalLong length) throws Refusal {
        if (!names.add(name)) {
            throw new Refusal(409, "'" + name.value() + "' is being received from another client now");
        }
        try {
            refuseIfTaken(name);
            refuseIfTooLarge(name, length);
            String temporary =
                    "." + name.value() + "." + ProcessHandle.current().pid() + "-" + serial.incrementAndGet() + ".part";
            IncomingFile file =
                    new IncomingFile(this, name, directory.resolve(temporary), directory.resolve(name.value()));
            open.add(file);
            return file;
        } catch (Refusal | RuntimeException e) {
            names.remove(name);
            throw e;
        } catch (IOException e) {
            names.remove(name);
            throw new Refusal(500, "cannot create a file in " + directory + ": " + Why.of(e), e);
        }
    }

    /** @throws Refusal if there is something of that name and it may not be replaced */
    void refuseIfTaken(FileName name) throws Refusal {
        Path target = directory.resolve(name.value());
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new Refusal(409, "'" + name.value() + "' is a directory on the server");
        }
        if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new Refusal(
                    409,
                    "'" + name.value()
                            + "' exists already: send it under another name, or start serve with --overwrite");
        }
    }

    void finished(IncomingFile file) {
        open.remove(file);
        names.remove(file.name());
    }

    /** Removes every unfinished file. */
    @Override
    public void close() {
        open.forEach(IncomingFile::close);
    }

    private void refuseIfTooLarge(FileName name, OptionalLong length) throws IOException, Refusal {
        if (length.isEmpty()) {
            return;
        }
        long free = Files.getFileStore(directory).getUsableSpace();
        if (length.getAsLong() > free) {
            throw new Refusal(
                    507,
                    "no space for '" + name.value() + "': it has " + length.getAsLong() + " bytes and " + directory
                            + " has room for " + free);
        }
    }
}
