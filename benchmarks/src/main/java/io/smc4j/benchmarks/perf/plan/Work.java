package io.smc4j.benchmarks.perf.plan;

import io.smc4j.cli.output.Json;

/**
 * What two processes do on their connections. Everything measured is an exchange: the client writes a request of {@code request} bytes
 * in writes of {@code chunk} bytes, the server reads all of it and answers with {@code response} bytes. A round trip is an exchange
 * with an answer of the same size, bulk traffic one of many chunks and an answer of one byte.
 *
 * @param shape what is done with a connection
 * @param request bytes of a request, a multiple of {@code chunk}
 * @param chunk bytes of each write
 * @param response bytes of the answer: {@code request}, whose bytes are sent back, or 1
 * @param connections how many at the same time
 */
public record Work(Shape shape, int request, int chunk, int response, int connections) {
    /** What is done with a connection. */
    public enum Shape {
        /** Exchanges, one after the other on each connection, a thread (or what the peer has in its place) for each. */
        EXCHANGE,
        /** Set up, one byte from the server when it has accepted, closed. */
        CONNECT,
        /** Held open without traffic and without threads of the application. */
        HOLD
    }

    public Work {
        if (chunk < 1 || request < chunk || request % chunk != 0 || connections < 1) {
            throw new IllegalArgumentException(
                    "impossible work: " + request + " bytes by " + chunk + " on " + connections);
        }
        if (response != 1 && response != request) {
            throw new IllegalArgumentException("an answer is the request or one byte, not " + response + " bytes");
        }
    }

    /** Messages of {@code size} bytes there and back. */
    public static Work roundTrip(int size, int connections) {
        return new Work(Shape.EXCHANGE, size, size, size, connections);
    }

    /** One way, in bursts of {@code burst} bytes. */
    public static Work oneWay(int chunk, int burst, int connections) {
        return new Work(Shape.EXCHANGE, burst / chunk * chunk, chunk, 1, connections);
    }

    public static Work connect() {
        return new Work(Shape.CONNECT, 1, 1, 1, 1);
    }

    /** Idle connections, on the first of which round trips of 64 bytes can be made. */
    public static Work hold(int connections) {
        return new Work(Shape.HOLD, 64, 64, 64, connections);
    }

    /** Whether the answer is the request itself. */
    public boolean echoes() {
        return response == request;
    }

    /** Writes that make up a request. */
    public int chunks() {
        return request / chunk;
    }

    public Json toJson() {
        return Json.object()
                .put("shape", shape.name())
                .put("request", request)
                .put("chunk", chunk)
                .put("response", response)
                .put("connections", connections);
    }

    /** Reads what {@link #toJson} wrote. @throws IllegalArgumentException if members are missing or make no sense */
    public static Work fromJson(Json json) {
        return new Work(
                Shape.valueOf(json.text("shape").orElseThrow(() -> missing("shape"))),
                number(json, "request"),
                number(json, "chunk"),
                number(json, "response"),
                number(json, "connections"));
    }

    private static int number(Json json, String name) {
        return json.number(name).orElseThrow(() -> missing(name)).intValue();
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("work without '" + name + "'");
    }
}
