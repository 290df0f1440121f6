package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.LinkGroup;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * a worker that holds a lock waits for another that needs it, or for itself. Here no turn waits: no class that runs in an
 * actor's turn calls anything that blocks on another thread, so there is nothing to deadlock with.
 */
class R21SelfCancelDeadlockTest {
    private static final List<String> RUN_IN_TURNS =
            List.of("group", "link", "connection", "handshake", "node", "queue");

    /**
     * Negotiation waits for a claim, on a virtual thread of its own and in no turn. Lending is how an owner of a queue naps on its own
     * thread, like its sleep in the device: for a bounded time, and rung by each command.
     */
    private static final Set<String> EXCEPT = Set.of("Negotiation", "Lending");

    private static final Set<String> BLOCKING = Set.of(
            "java/util/concurrent/Future.get",
            "java/util/concurrent/CompletableFuture.get",
            "java/util/concurrent/CompletableFuture.join",
            "java/util/concurrent/CountDownLatch.await",
            "java/util/concurrent/CyclicBarrier.await",
            "java/util/concurrent/Semaphore.acquire",
            "java/util/concurrent/BlockingQueue.take",
            "java/util/concurrent/BlockingQueue.put",
            "java/util/concurrent/LinkedBlockingQueue.take",
            "java/util/concurrent/ExecutorService.awaitTermination",
            "java/util/concurrent/ExecutorService.invokeAll",
            "java/util/concurrent/locks/Lock.lock",
            "java/util/concurrent/locks/ReentrantLock.lock",
            "java/util/concurrent/locks/Condition.await",
            "java/util/concurrent/locks/LockSupport.park",
            "java/util/concurrent/locks/LockSupport.parkNanos",
            "java/lang/Object.wait",
            "java/lang/Thread.join",
            "java/lang/Thread.sleep",
            "scala/concurrent/Await$.result",
            "scala/concurrent/Await$.ready");

    private static List<String> blockingCalls(Path classFile) throws IOException {
        List<String> calls = new ArrayList<>();
        for (PoolEntry entry :
                ClassFile.of().parse(Files.readAllBytes(classFile)).constantPool()) {
            if (entry instanceof MemberRefEntry member) {
                String target =
                        member.owner().asInternalName() + "." + member.name().stringValue();
                if (BLOCKING.contains(target)) {
                    calls.add(classFile.getFileName() + " calls " + target);
                }
            }
        }
        return calls;
    }

    @Test
    void shouldNeverWaitWithinATurn() throws Exception {
        Path classes = Path.of(LinkGroup.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(classes)) {
            check(classes);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                check(jar.getPath("/"));
            }
        }
    }

    private static boolean isExcepted(Path classFile) {
        return EXCEPT.contains(classFile.getFileName().toString().split("[$.]", 2)[0]);
    }

    private static void check(Path classes) throws IOException {
        List<String> blocking = new ArrayList<>();
        int seen = 0;
        for (String name : RUN_IN_TURNS) {
            try (Stream<Path> files = Files.list(classes.resolve("io/smc4j/actors/" + name))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class") && !isExcepted(f))
                        .toList()) {
                    seen++;
                    blocking.addAll(blockingCalls(file));
                }
            }
        }
        assertThat(seen).isGreaterThan(100);
        assertThat(blocking).isEmpty();
    }
}
