package io.smc4j.cli.dissect;

import io.smc4j.cli.dissect.capture.CaptureReader;
import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.message.Decoder;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.cli.dissect.report.JsonReport;
import io.smc4j.cli.dissect.report.MessageReport;
import io.smc4j.cli.dissect.report.TextReport;
import io.smc4j.cli.dissect.stream.CaptureFollower;
import io.smc4j.cli.dissect.stream.Sink;
import io.smc4j.cli.dissect.summary.SummaryJson;
import io.smc4j.cli.dissect.summary.SummaryText;
import io.smc4j.cli.dissect.summary.Tracker;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.LongConsumer;

/** One run of {@code smc4j dissect}: from input to what is printed. Not thread-safe. */
final class Dissection {
    private static final int BUFFER = 1 << 16;
    private static final int LOOK_UP_EVERY = 1_024;
    private static final long MOST_COMPLAINTS = 50;

    /** What the user wants to see. */
    record Options(boolean json, boolean verbose, boolean summary, boolean check, MessageFilter filter) {}

    private final PrintStream stream;
    private final PrintStream err;
    private final Options options;
    private final Writer out;
    private final MessageReport report;
    private final Tracker tracker = new Tracker();
    private final ReencodingCheck check = new ReencodingCheck();
    private long handMade;
    private long complaints;

    Dissection(PrintStream out, PrintStream err, Options options) {
        this.stream = out;
        this.err = err;
        this.options = options;
        this.out = new BufferedWriter(new OutputStreamWriter(out, out.charset()), BUFFER);
        this.report = options.json()
                ? new JsonReport(this.out, options.verbose())
                : new TextReport(this.out, options.verbose());
    }

    /**
     * Goes through a capture.
     *
     * @param position hears how many bytes have been read
     * @throws IOException if the input is no capture or cannot be read
     */
    void capture(InputStream in, String name, LongConsumer position) throws IOException {
        CaptureReader reader = CaptureReader.open(in, name);
        CaptureFollower follower = new CaptureFollower(new Sink() {
            @Override
            public void message(Message message) {
                take(message);
            }

            @Override
            public void syn(Opening opening) {
                tracker.syn(opening);
            }

            @Override
            public void skipped(long frame, String reason) {
                tracker.skipped(frame, reason);
                complain(name + ": frame " + frame + " skipped: " + reason);
            }
        });
        long frames = 0;
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            follower.accept(frame);
            if (++frames % LOOK_UP_EVERY == 0) {
                position.accept(reader.position());
                if (stream.checkError()) {
                    return; // nobody reads any more
                }
            }
        }
        position.accept(reader.position());
        reader.damage().ifPresent(why -> complain(name + ": " + why));
        if (follower.wrongChecksums() > 0) {
            complain(name + ": " + follower.wrongChecksums()
                    + " RoCE packets have a wrong checksum (ICRC); they are shown nevertheless");
        }
    }

    /** Takes the bytes of one message. */
    void message(byte[] bytes) {
        take(Decoder.guess(Place.byHand(++handMade), bytes));
    }

    private void take(Message message) {
        tracker.message(message);
        if (options.check()) {
            check.check(message)
                    .ifPresent(difference -> complain("frame " + message.place().frame() + ": " + difference));
        }
        if (!options.summary() && options.filter().accepts(message)) {
            report.print(message);
        }
    }

    private void complain(String what) {
        if (++complaints <= MOST_COMPLAINTS) {
            flush();
            err.println("smc4j dissect: " + what);
        }
    }

    /** Shows what has been printed so far. */
    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints what comes last. @return whether no message was different when encoded again */
    boolean finish() {
        try {
            if (options.summary()) {
                tracker.finish();
                out.write(options.json() ? SummaryJson.of(tracker) : SummaryText.of(tracker));
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (complaints > MOST_COMPLAINTS) {
            err.println("smc4j dissect: and " + (complaints - MOST_COMPLAINTS) + " more of these");
        }
        if (options.check()) {
            err.println("smc4j dissect: encoded " + check.checked() + " messages again, " + check.different()
                    + " of them differ from the input");
        }
        return check.different() == 0;
    }
}
