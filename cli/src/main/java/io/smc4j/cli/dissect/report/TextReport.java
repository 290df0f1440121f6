package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.message.Place;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One line a message, and below it the fields if they are wanted. */
public final class TextReport implements MessageReport {
    private final Appendable out;
    private final boolean verbose;
    private final Addresses addresses = new Addresses();
    private final StringBuilder line = new StringBuilder(512);

    /** @param verbose whether to print every field of every message */
    public TextReport(Appendable out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    @Override
    public void print(Message message) {
        line.setLength(0);
        Place place = message.place();
        Numbers.right(line, Long.toString(place.frame()), 6);
        if (place.onNetwork()) {
            int before = line.length() + 2;
            line.append("  ");
            Numbers.seconds(line, place.nanos());
            pad(before + 10);
            line.append("  ");
            addresses.append(place, line);
            if (place.queuePair() >= 0) {
                Numbers.hex(line.append(" qp="), place.queuePair());
                Numbers.hex(line.append(" psn="), place.psn());
            }
        }
        line.append("  ").append(message.layer().label()).append(' ').append(message.name());
        Details.append(message.body(), line);
        if (place.retransmission()) {
            line.append(" (sent again)");
        }
        line.append('\n');
        if (verbose) {
            FieldTree.append(message, line);
        }
        try {
            out.append(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pad(int column) {
        while (line.length() < column) {
            line.append(' ');
        }
    }
}
