package io.smc4j.actors.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import io.smc4j.actors.loop.ControlLoop;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpReadinessTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ControlLoop loop = ControlLoop.start("the-loop");
    private final TcpReadiness hosted;

    TcpReadinessTest() throws Exception {
        hosted = loop.submit(TcpReadiness::here).get();
    }

    @AfterEach
    void stop() {
        hosted.close();
        loop.shutdown();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static CompletableFuture<String> threadThatAnswers(TcpReadiness readiness, Pipe pipe) throws Exception {
        CompletableFuture<String> answered = new CompletableFuture<>();
        pipe.source().configureBlocking(false);
        TcpReadiness.Registration registration = readiness.register(pipe.source(), new TcpReadiness.Handler() {
            @Override
            public void ready(int operations) {
                answered.complete(Thread.currentThread().getName());
            }

            @Override
            public void readinessClosed() {
                answered.complete("closed");
            }
        });
        registration.want(SelectionKey.OP_READ);
        return answered;
    }

    @Test
    void shouldAnswerOnTheLoopItWasMadeOnAndWhatIsForApplicationsElsewhere() throws Exception {
        Pipe pipe = Pipe.open();
        CompletableFuture<String> answered = threadThatAnswers(hosted, pipe);
        CompletableFuture<String> elsewhere = threadThatAnswers(hosted.applications(), pipe);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(get(answered)).isEqualTo("the-loop");
        assertThat(get(elsewhere)).isEqualTo("smc4j-tcp-readiness");
        assertThat(hosted.applications()).isSameAs(hosted.applications());
    }

    @Test
    void shouldHaveAThreadOfItsOwnWhereTheLoopHasAGuestAlready() throws Exception {
        assertThat(get(threadThatAnswersAfterWriting(hosted))).isEqualTo("the-loop");
        TcpReadiness second = loop.submit(TcpReadiness::here).get();
        assertThat(get(threadThatAnswersAfterWriting(second))).isEqualTo("smc4j-tcp-readiness");
        second.close();
    }

    private static CompletableFuture<String> threadThatAnswersAfterWriting(TcpReadiness readiness) throws Exception {
        Pipe pipe = Pipe.open();
        CompletableFuture<String> answered = threadThatAnswers(readiness, pipe);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        return answered;
    }

    @Test
    void shouldTellWhoWaitsThatItCloses() throws Exception {
        CompletableFuture<String> waiting = threadThatAnswers(hosted, Pipe.open());
        CompletableFuture<String> elsewhere = threadThatAnswers(hosted.applications(), Pipe.open());
        CompletionStage<Boolean> condition = hosted.await(() -> false, LONG);
        hosted.close();
        assertThat(get(waiting)).isEqualTo("closed");
        assertThat(get(elsewhere)).isEqualTo("closed");
        assertThatThrownBy(() -> get(condition)).hasCauseInstanceOf(SmcException.class);
        assertThat(get(threadThatAnswers(hosted, Pipe.open()))).as("later").isEqualTo("closed");
        assertThatThrownBy(() -> get(hosted.await(() -> true, LONG))).hasCauseInstanceOf(SmcException.class);
        assertThat(get(hosted.selected())).isNotNull();
        assertThat(loop.submit(() -> 1).get()).as("the loop goes on").isEqualTo(1);
    }

    @Test
    void shouldTellWhoWaitsWhenItsLoopEnds() throws Exception {
        CompletableFuture<String> waiting = threadThatAnswers(hosted, Pipe.open());
        loop.shutdown();
        assertThat(get(waiting)).isEqualTo("closed");
    }

    @Test
    void shouldSeeWhatBecomesTrueInMemory() throws Exception {
        AtomicBoolean condition = new AtomicBoolean();
        CompletionStage<Boolean> soon = hosted.await(condition::get, LONG);
        CompletionStage<Boolean> never = hosted.await(() -> false, Duration.ofMillis(20));
        assertThat(get(never)).as("its time is over").isFalse();
        condition.set(true);
        assertThat(get(soon)).isTrue();
    }

    @Test
    void shouldFailAConditionThatThrowsAndGoOn() throws Exception {
        CompletionStage<Boolean> bad = hosted.await(
                () -> {
                    throw new IllegalStateException("the memory is gone");
                },
                LONG);
        assertThatThrownBy(() -> get(bad)).hasRootCauseMessage("the memory is gone");
        assertThat(get(hosted.await(() -> true, LONG))).isTrue();
    }

    /** A registered socket is closed by the next selection: nothing wakes the loop for one that it closes itself. */
    @Test
    void shouldReallyCloseASocketThatTheLoopClosesItself() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        CompletableFuture<Integer> writable = new CompletableFuture<>();
        TcpReadiness.Registration[] own = new TcpReadiness.Registration[1];
        own[0] = hosted.register(pipe.sink(), new TcpReadiness.Handler() {
            @Override
            public void ready(int operations) {
                own[0].closeSocket();
                writable.complete(operations);
            }

            @Override
            public void readinessClosed() {}
        });
        own[0].want(SelectionKey.OP_WRITE);
        assertThat(get(writable)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(pipe.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    /** Whoever is told of a closed socket within a turn may leave a task behind: the loop must not fall asleep over it. */
    @Test
    void shouldRunWhatSomebodyLeavesWhoIsToldThatASocketIsClosed() throws Exception {
        for (int i = 0; i < 50; i++) {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            CompletableFuture<String> ran = new CompletableFuture<>();
            TcpReadiness.Registration gone = hosted.register(pipe.source(), new TcpReadiness.Handler() {
                @Override
                public void ready(int operations) {
                    loop.execute(() -> ran.complete("ran"));
                }

                @Override
                public void readinessClosed() {}
            });
            pipe.source().close();
            gone.want(SelectionKey.OP_READ);
            assertThat(get(ran)).isEqualTo("ran");
        }
    }

    @Test
    void shouldForgetASocketThatWasLeftToAnotherReadiness() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        AtomicInteger answers = new AtomicInteger();
        TcpReadiness.Registration left = hosted.register(pipe.source(), new TcpReadiness.Handler() {
            @Override
            public void ready(int operations) {
                answers.incrementAndGet();
            }

            @Override
            public void readinessClosed() {}
        });
        left.want(SelectionKey.OP_READ);
        get(hosted.selected());
        left.leave();
        get(hosted.selected()); // the note was taken
        get(hosted.selected()); // and the key is gone
        assertThat(pipe.source().isRegistered()).isFalse();
        CompletableFuture<String> answered = threadThatAnswers(hosted.applications(), pipe);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(get(answered)).isEqualTo("smc4j-tcp-readiness");
        assertThat(answers).hasValue(0);
    }
}
