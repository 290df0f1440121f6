package io.smc4j.races;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smc4j.actors.handshake.Negotiation;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * a worker that holds a lock waits for another that needs it, or for itself. Here no turn waits: no class that runs in an
 * actor's turn calls anything that blocks on another thread, so there is nothing to deadlock with.
 */
class R21SelfCancelDeadlockTest {
    private static final String[] IN_TURNS = {
        "io.smc4j.actors.group..",
        "io.smc4j.actors.link..",
        "io.smc4j.actors.connection..",
        "io.smc4j.actors.handshake..",
        "io.smc4j.actors.node..",
        "io.smc4j.actors.queue.."
    };

    private static final Set<String> BLOCKING = Set.of(
            "java.util.concurrent.Future.get",
            "java.util.concurrent.CompletableFuture.get",
            "java.util.concurrent.CompletableFuture.join",
            "java.util.concurrent.CountDownLatch.await",
            "java.util.concurrent.CyclicBarrier.await",
            "java.util.concurrent.Semaphore.acquire",
            "java.util.concurrent.BlockingQueue.take",
            "java.util.concurrent.BlockingQueue.put",
            "java.util.concurrent.LinkedBlockingQueue.take",
            "java.util.concurrent.ExecutorService.awaitTermination",
            "java.util.concurrent.ExecutorService.invokeAll",
            "java.util.concurrent.locks.Lock.lock",
            "java.util.concurrent.locks.ReentrantLock.lock",
            "java.util.concurrent.locks.Condition.await",
            "java.util.concurrent.locks.LockSupport.park",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.lang.Object.wait",
            "java.lang.Thread.join",
            "java.lang.Thread.sleep",
            "scala.concurrent.Await$.result",
            "scala.concurrent.Await$.ready");

    private static final DescribedPredicate<JavaAccess<?>> BLOCKS = DescribedPredicate.describe(
            "block on another thread",
            access -> BLOCKING.contains(access.getTargetOwner().getFullName() + "."
                    + access.getTarget().getName()));

    @Test
    void shouldNeverWaitWithinATurn() {
        JavaClasses classes = ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false); // names are enough, and much faster
            return new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(
                            "io.smc4j.actors.group",
                            "io.smc4j.actors.link",
                            "io.smc4j.actors.connection",
                            "io.smc4j.actors.handshake",
                            "io.smc4j.actors.node",
                            "io.smc4j.actors.queue");
        });
        assertThat(classes).hasSizeGreaterThan(80);
        noClasses()
                .that()
                .resideInAnyPackage(IN_TURNS)
                .and()
                .doNotBelongToAnyOf(Negotiation.class) // waits for a claim on a virtual thread of its own, in no turn
                .should()
                .accessTargetWhere(BLOCKS)
                .check(classes);
    }
}
