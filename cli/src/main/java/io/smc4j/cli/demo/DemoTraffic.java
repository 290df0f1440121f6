package io.smc4j.cli.demo;

import io.smc4j.cli.echo.Pinger;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Units;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** The client's end of one run: round trips, then the file, each with a warm-up that is not counted. */
final class DemoTraffic {
    private static final int MESSAGE_BYTES = 64;
    private static final int BATCH = 500;
    private static final long WARM_UP_NANOS = 1_000_000_000L;
    private static final long MEASURED_NANOS = 1_500_000_000L;
    private static final int MOST_ROUND_TRIPS = 200_000;
    private static final long ENOUGH_BYTES = 2_000_000_000L;
    private static final int MOST_ROUNDS = 12;
    private static final long PROGRESS_NANOS = 50_000_000L;

    private final End end;
    private final FileSource file;
    private final ParentLink parent;

    DemoTraffic(End end, FileSource file, ParentLink parent) {
        this.end = end;
        this.file = file;
        this.parent = parent;
    }

    void roundTrips() throws IOException {
        Pinger pinger = new Pinger(end.channel(), MESSAGE_BYTES);
        roundTrips(pinger, WARM_UP_NANOS);
        Histogram nanos = roundTrips(pinger, MEASURED_NANOS);
        parent.send(Json.object()
                .put("event", "roundTrips")
                .put("count", nanos.getTotalCount())
                .put("p50Micros", Units.round(nanos.getValueAtPercentile(50) / 1000.0, 3))
                .put("p99Micros", Units.round(nanos.getValueAtPercentile(99) / 1000.0, 3)));
    }

    /** How often a file of that length is moved: one pass over loopback is too short to be measured well. */
    static int rounds(long length) {
        return (int) Math.clamp(ENOUGH_BYTES / length, 1, MOST_ROUNDS);
    }

    /** @param everyPiece told how many bytes of the measured passes are on their way */
    void file(LongConsumer everyPiece) throws IOException {
        file.move(end.channel(), Math.min(file.length(), Wire.LARGEST_PART), _ -> {});
        sum();
        int rounds = rounds(file.length());
        Meter meter = new Meter();
        long[] nanos = new long[rounds];
        long arrived = 0;
        int same = 0;
        for (int round = 0; round < rounds; round++) {
            long before = round * file.length();
            nanos[round] = file.move(end.channel(), file.length(), bytes -> {
                everyPiece.accept(before + bytes);
                meter.at(before + bytes);
            });
            Sum sum = sum();
            arrived += sum.length();
            same += sum.sha256().equals(file.sha256()) ? 1 : 0;
        }
        parent.send(Json.object()
                .put("event", "moved")
                .put("bytes", rounds * file.length())
                .put("bytesArrived", arrived)
                .put("nanos", LongStream.of(nanos).sum())
                .put("bytesPerRound", file.length())
                .put("nanosPerRound", median(nanos))
                .put("sha256Match", same == rounds));
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private Histogram roundTrips(Pinger pinger, long limitNanos) throws IOException {
        Histogram histogram = Pinger.histogram();
        long start = System.nanoTime();
        while (histogram.getTotalCount() < MOST_ROUND_TRIPS && System.nanoTime() - start < limitNanos) {
            Wire.request(end.channel(), Wire.ECHO, (long) BATCH * MESSAGE_BYTES);
            for (int i = 0; i < BATCH; i++) {
                long nanos = pinger.roundTrip();
                // The first of a batch travels with the request for the batch.
                if (i > 0) {
                    histogram.recordValue(Math.clamp(nanos, 1, histogram.getHighestTrackableValue()));
                }
            }
        }
        return histogram;
    }

    private record Sum(long length, String sha256) {}

    private Sum sum() throws IOException {
        Wire.request(end.channel(), Wire.SUM, 0);
        ByteBuffer answer = ByteBuffer.allocate(Long.BYTES + Wire.SHA_BYTES);
        Wire.fill(end.channel(), answer);
        return new Sum(
                answer.getLong(0), HexFormat.of().formatHex(answer.array(), Long.BYTES, Long.BYTES + Wire.SHA_BYTES));
    }

    /** Tells the parent how far it is, not more often than a person can see. */
    private final class Meter {
        private long last = System.nanoTime();

        void at(long bytes) {
            long now = System.nanoTime();
            if (now - last >= PROGRESS_NANOS) {
                last = now;
                parent.send(Json.object().put("event", "progress").put("bytes", bytes));
            }
        }
    }
}
