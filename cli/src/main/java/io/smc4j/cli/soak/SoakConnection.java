package io.smc4j.cli.soak;

import io.smc4j.ConnectionInfo;
import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.cli.soak.EndReport.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One end of one connection: writes, reads and verifies as planned, closes, and says how it ended. */
final class SoakConnection {
    private static final int PAUSE_MILLIS = 40;

    private final Surroundings around;
    private final SmcChannel channel;
    private final ConnectionPlan plan;
    private final boolean initiator;
    private final long toWrite;
    private final long toRead;
    private final RandomGenerator style;
    private final AtomicLong written = new AtomicLong();
    private final Verifier verifier;

    /** The first failure that was not of our own making. */
    private @Nullable String failure;

    private boolean wrong;
    private volatile boolean endedByUs;
    private volatile boolean hung;

    SoakConnection(Surroundings around, SmcChannel channel, ConnectionPlan plan, boolean initiator) {
        this.around = around;
        this.channel = channel;
        this.plan = plan;
        this.initiator = initiator;
        this.toWrite = initiator ? plan.toAcceptor() : plan.toInitiator();
        this.toRead = initiator ? plan.toInitiator() : plan.toAcceptor();
        this.style = ConnectionPlan.generator(around.seed(), plan.id(), initiator ? 1 : 2);
        this.verifier = new Verifier(new Pattern(around.seed(), plan.id(), !initiator), toRead);
    }

    /** Runs it to its end, on this thread and one more. */
    EndReport run() throws InterruptedException {
        boolean platform = style.nextInt(8) == 0;
        boolean callbacks = style.nextInt(6) == 0;
        Thread.Builder builder = platform ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        Thread writer = builder.name("soak-write-" + plan.id()).start(() -> guarded("write", a -> write(a, callbacks)));
        if (!closesAfterWriting()) {
            guarded("read", a -> read(a, callbacks));
        }
        writer.join();
        endedByUs = true;
        channel.close();
        String end = awaitTermination();
        return report(end);
    }

    /** Called by the watch: it stood still for too long. */
    void giveUp() {
        hung = true;
        channel.abort();
    }

    private interface Work {
        void run(Activity activity) throws IOException, InterruptedException;
    }

    private void guarded(String what, Work work) {
        Activity activity = around.watch().begin(describe(what), this::giveUp);
        try {
            work.run(activity);
        } catch (SmcException e) {
            if (!endedByUs) {
                failed(Reasons.of(e), e.category() != SmcException.Category.RECONNECT);
            }
        } catch (IOException | RuntimeException e) {
            failed(Reasons.of(e), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            around.watch().end(activity);
        }
    }

    private String describe(String what) {
        ConnectionInfo info = channel.info();
        return "%s of connection %d at its %s, %s from %s to %s (%s)"
                .formatted(
                        what,
                        plan.id(),
                        initiator ? "initiator" : "acceptor",
                        info.transport().label(),
                        info.local(),
                        info.remote(),
                        plan);
    }

    private synchronized void failed(String reason, boolean breaksPromise) {
        if (failure == null) {
            failure = reason;
            wrong = breaksPromise;
        }
    }

    private boolean closesAfterWriting() {
        return plan.ending() == (initiator ? Ending.INITIATOR_CLOSES : Ending.ACCEPTOR_CLOSES);
    }

    private boolean abortsInWriting() {
        return plan.ending() == (initiator ? Ending.INITIATOR_ABORTS : Ending.ACCEPTOR_ABORTS);
    }

    private void write(Activity activity, boolean callbacks) throws IOException, InterruptedException {
        Stream stream = stream(callbacks);
        RandomGenerator random = ConnectionPlan.generator(around.seed(), plan.id(), initiator ? 3 : 4);
        Pattern pattern = new Pattern(around.seed(), plan.id(), initiator);
        ByteBuffer buffer = ByteBuffer.allocateDirect(plan.largest());
        if (initiator) {
            ByteBuffer header = Header.of(plan.id());
            while (header.hasRemaining()) {
                stream.write(header);
            }
        }
        long limit = abortsInWriting() ? plan.endsAt() : toWrite;
        long position = 0;
        while (position < limit) {
            buffer.clear().limit((int) Math.min(limit - position, 1 + random.nextInt(plan.largest())));
            pattern.fill(buffer, position);
            buffer.flip();
            while (buffer.hasRemaining()) {
                int before = buffer.remaining();
                stream.write(buffer);
                position += before - buffer.remaining();
                written.set(position);
                activity.progress();
            }
            rest(activity, random);
        }
        if (abortsInWriting()) {
            endedByUs = true;
            channel.abort();
        } else if (closesAfterWriting()) {
            endedByUs = true;
            channel.close();
        } else if (!endedByUs) {
            channel.shutdownOutput();
        }
    }

    private void read(Activity activity, boolean callbacks) throws IOException, InterruptedException {
        Stream stream = stream(callbacks);
        RandomGenerator random = ConnectionPlan.generator(around.seed(), plan.id(), initiator ? 5 : 6);
        ByteBuffer buffer = ByteBuffer.allocateDirect(plan.largest());
        boolean closesUnread = plan.ending() == Ending.CLOSED_UNREAD && initiator;
        while (!closesUnread || verifier.read() < plan.endsAt()) {
            int most = 1 + random.nextInt(plan.largest());
            int count = stream.read(buffer.clear().limit(most));
            activity.progress();
            String problem = count < 0 ? verifier.end() : verifier.take(buffer.flip());
            if (problem != null) {
                failed(problem, true);
                endedByUs = true;
                channel.abort();
                return;
            }
            if (count < 0) {
                return;
            }
            rest(activity, random);
        }
        endedByUs = true;
        channel.close();
    }

    private Stream stream(boolean callbacks) {
        return callbacks ? new Stream.Callbacks(channel, new Semaphore(0)) : new Stream.Blocking(channel);
    }

    private void rest(Activity activity, RandomGenerator random) throws InterruptedException {
        if (plan.pausePercent() > 0 && random.nextInt(100) < plan.pausePercent()) {
            activity.rests(true);
            boolean _ = around.pause(random.nextInt(PAUSE_MILLIS));
            activity.rests(false);
        }
    }

    /** @return why it did not end in order; empty if it did */
    private String awaitTermination() throws InterruptedException {
        Activity activity = around.watch().begin(describe("close"), this::giveUp);
        try {
            channel.terminated().toCompletableFuture().get();
            return "";
        } catch (ExecutionException e) {
            return Reasons.of(e);
        } finally {
            around.watch().end(activity);
        }
    }

    private synchronized EndReport report(String end) {
        String first = failure;
        String reason = first != null ? first : end;
        boolean planned = first == null && plan.ending().aborts() && endsItself();
        Result result = hung
                ? Result.HUNG
                : wrong ? Result.WRONG : planned ? Result.PLANNED : reason.isEmpty() ? Result.ORDERLY : Result.ABORTED;
        ConnectionInfo info = channel.info();
        return new EndReport(
                plan.id(),
                initiator,
                info.transport().label(),
                result,
                reason,
                verifier.read(),
                written.get(),
                info.failovers(),
                verifier.lost(),
                verifier.repeated(),
                info.fallback().map(SoakConnection::brief).orElse(""));
    }

    private static String brief(FallbackReason reason) {
        OptionalInt peer = reason.peerDiagnosis();
        return reason.symbol() + (peer.isPresent() ? " 0x%08x".formatted(peer.getAsInt()) : "");
    }

    private boolean endsItself() {
        return initiator == (plan.ending() != Ending.ACCEPTOR_ABORTS);
    }
}
