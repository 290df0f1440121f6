package io.smc4j.actors.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AcceptQueueTest {
    private final List<Integer> discarded = new ArrayList<>();
    private final AcceptQueue<Integer> queue = new AcceptQueue<>(2, discarded::add, Runnable::run);

    @Test
    void shouldHandOutInOrderAndRefuseBeyondTheBacklog() {
        assertThat(queue.offer(1)).isTrue();
        assertThat(queue.offer(2)).isTrue();
        assertThat(queue.offer(3)).isFalse();
        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.accept()).isCompletedWithValue(1);
        assertThat(queue.accept()).isCompletedWithValue(2);
    }

    @Test
    void shouldServeWaitingAcceptsInOrderPastTheBacklog() {
        List<CompletableFuture<Integer>> accepts = List.of(queue.accept(), queue.accept(), queue.accept());
        for (int i = 0; i < 3; i++) {
            assertThat(queue.offer(i)).isTrue();
            assertThat(accepts.get(i)).isCompletedWithValue(i);
        }
    }

    @Test
    void shouldGiveTheConnectionOfACancelledAcceptToTheNext() {
        CompletableFuture<Integer> cancelled = queue.accept();
        CompletableFuture<Integer> next = queue.accept();
        cancelled.cancel(false);
        assertThat(queue.offer(1)).isTrue();
        assertThat(next).isCompletedWithValue(1);
    }

    @Test
    void shouldTakeNothingAwayWhenABlockedAcceptIsInterrupted() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                queue.acceptBlocking();
            } catch (SmcException | InterruptedException e) {
                seen.complete(e);
            }
        });
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        waiting.interrupt();
        assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(queue.offer(1)).isTrue();
        assertThat(queue.acceptBlocking()).isEqualTo(1);
    }

    @Test
    void shouldFailAcceptsAndDiscardTheRestWhenClosed() {
        queue.offer(1);
        queue.close(new SmcException(Category.BUG, "closed for the test"));
        assertThat(discarded).containsExactly(1);
        assertThat(queue.offer(2)).isFalse();
        assertThat(queue.accept()).isCompletedExceptionally();
        assertThatThrownBy(queue::acceptBlocking)
                .isInstanceOf(SmcException.class)
                .hasMessage("closed for the test");
    }

    @Test
    void shouldFailWaitingAcceptsWhenClosed() {
        CompletableFuture<Integer> accept = queue.accept();
        queue.close(new SmcException(Category.BUG, "closed for the test"));
        assertThat(accept).isCompletedExceptionally();
    }

    @Test
    void shouldHandOutEachConnectionOnceAmongManyThreads() throws Exception {
        AcceptQueue<Integer> shared = new AcceptQueue<>(1_000, discarded::add, Runnable::run);
        ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
        List<Thread> takers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            takers.add(Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        taken.add(shared.acceptBlocking());
                    }
                } catch (SmcException | InterruptedException e) {
                    // closed: all taken
                }
            }));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(shared.offer(i)).isTrue();
        }
        await().until(() -> taken.size() == 1_000);
        shared.close(new SmcException(Category.BUG, "end"));
        for (Thread taker : takers) {
            taker.join();
        }
        assertThat(taken).hasSize(1_000).doesNotHaveDuplicates();
    }
}
