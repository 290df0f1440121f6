package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.llc.LlcCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One JSON object a message, each on a line. */
public final class JsonReport implements MessageReport {
    private final Appendable out;
    private final boolean verbose;
    private final Addresses addresses = new Addresses();
    private final StringBuilder line = new StringBuilder(1024);

    /** @param verbose whether to list every field of every message */
    public JsonReport(Appendable out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    @Override
    public void print(Message message) {
        line.setLength(0);
        JsonWriter json = new JsonWriter(line).beginObject();
        place(message, json);
        body(message, json);
        if (verbose) {
            fields(message, json);
        }
        json.endObject();
        line.append('\n');
        try {
            out.append(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void place(Message message, JsonWriter json) {
        Place place = message.place();
        json.field("frame", place.frame());
        if (place.onNetwork()) {
            json.name("time").seconds(place.nanos());
            json.name("epoch").seconds(place.epochNanos());
        }
        json.field("layer", message.layer().label()).field("message", message.name());
        if (place.onNetwork()) {
            json.field("src", addresses.text(place.source())).field("dst", addresses.text(place.destination()));
        }
        if (place.overTcp()) {
            json.field("srcPort", place.sourcePort()).field("dstPort", place.destinationPort());
        }
        json.field("length", message.length());
        if (place.queuePair() >= 0) {
            json.field("qp", place.queuePair()).field("psn", place.psn());
        }
        if (place.retransmission()) {
            json.field("retransmission", true);
        }
    }

    private static void body(Message message, JsonWriter json) {
        switch (message.body()) {
            case Body.Option _ -> {}
            case Body.Clc clc -> {
                json.field("flags", message.bytes()[7] & 0xFF);
                ClcJson.append(clc.message(), json);
            }
            case Body.Llc llc -> {
                json.field("flags", message.bytes()[LlcCodec.FLAGS_OFFSET] & 0xFF);
                LlcJson.append(llc.message(), json);
            }
            case Body.Cdc cdc -> cdc(cdc.message(), json);
            case Body.Rdma rdma -> rdma(rdma, json);
            case Body.ControlArea area -> {
                cursor("producer", Cursors.wrap(area.producer()), Cursors.count(area.producer()), json);
                cursor("consumer", Cursors.wrap(area.consumer()), Cursors.count(area.consumer()), json);
                flags(area.producerFlags(), area.stateFlags(), json);
            }
            case Body.Broken(ProtocolViolation violation) ->
                json.name("violation")
                        .beginObject()
                        .field("message", violation.protocolMessage())
                        .field("offset", violation.offset())
                        .field("found", violation.found())
                        .field("rule", violation.rule())
                        .endObject();
        }
    }

    private static void cdc(CdcMessage cdc, JsonWriter json) {
        json.unsigned("token", cdc.alertToken()).field("seq", cdc.sequence());
        cursor("producer", cdc.producer().wrap(), cdc.producer().count(), json);
        cursor("consumer", cdc.consumer().wrap(), cdc.consumer().count(), json);
        flags(cdc.producerFlags(), cdc.stateFlags(), json);
    }

    private static void cursor(String name, int wrap, int count, JsonWriter json) {
        json.name(name)
                .beginObject()
                .field("wrap", wrap)
                .unsigned("count", count)
                .endObject();
    }

    private static void flags(int producer, int state, JsonWriter json) {
        json.name("flags")
                .beginObject()
                .field("producer", producer)
                .field("state", state)
                .endObject();
        json.name("flagNames").beginArray();
        names(CdcFlags.describeProducer(producer), json);
        names(CdcFlags.describeState(state), json);
        json.endArray();
    }

    private static void names(String names, JsonWriter json) {
        if (!names.isEmpty()) {
            for (String name : names.split(",", -1)) {
                json.value(name);
            }
        }
    }

    private static void rdma(Body.Rdma rdma, JsonWriter json) {
        RocePacket packet = rdma.packet();
        if (rdma.addressKnown()) {
            json.unsigned("rkey", rdma.rkey()).hex("vaddr", rdma.address());
        }
        RocePacket.Aeth aeth = packet.aeth();
        if (aeth != null) {
            json.field("syndrome", aeth.syndrome()).field("msn", aeth.msn()).field("acknowledgement", aeth.meaning());
        }
        if (packet.opcode().isWrite()) {
            json.field("payload", rdma.payloadLength());
        }
    }

    private static void fields(Message message, JsonWriter json) {
        json.name("fields").beginArray();
        for (WireField field : FieldTree.fields(message)) {
            json.beginObject()
                    .field("offset", field.offset())
                    .field("length", field.length())
                    .field("name", field.name())
                    .field("value", field.value())
                    .endObject();
        }
        json.endArray();
    }
}
