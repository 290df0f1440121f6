package io.smc4j.cli.dissect;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Layer;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which messages to print. Written {@code layer=llc,cdc}, {@code qp=0x11}, {@code token=7} or all in one: any value of one kind, all kinds
 * that are given.
 */
final class MessageFilter {
    static final String SYNTAX =
            "layer=NAME (tcp-option, clc, llc, cdc, rdma), qp=NUMBER or token=NUMBER, several separated by commas";

    private final Set<Layer> layers = EnumSet.noneOf(Layer.class);
    private final Set<Integer> queuePairs = new HashSet<>();
    private final Set<Integer> tokens = new HashSet<>();

    private MessageFilter() {}

    /** @throws IllegalArgumentException if an expression is none, with what would be */
    static MessageFilter of(List<String> expressions) {
        MessageFilter filter = new MessageFilter();
        for (String expression : expressions) {
            String kind = "layer";
            for (String part : expression.split(",", -1)) {
                int equals = part.indexOf('=');
                kind = equals < 0 ? kind : part.substring(0, equals);
                filter.add(kind, part.substring(equals + 1), expression);
            }
        }
        return filter;
    }

    private void add(String kind, String value, String expression) {
        try {
            switch (kind) {
                case "layer" ->
                    layers.add(Layer.of(value.toLowerCase(Locale.ROOT)).orElseThrow(() -> wrong(expression)));
                case "qp" -> queuePairs.add(number(value));
                case "token" -> tokens.add(number(value));
                default -> throw wrong(expression);
            }
        } catch (NumberFormatException e) {
            throw wrong(expression);
        }
    }

    private static int number(String value) {
        long number = Long.decode(value);
        if (number < 0 || number > 0xFFFF_FFFFL) {
            throw new NumberFormatException(value);
        }
        return (int) number;
    }

    private static IllegalArgumentException wrong(String expression) {
        return new IllegalArgumentException("'" + expression + "' is no filter: write " + SYNTAX);
    }

    boolean accepts(Message message) {
        return (layers.isEmpty() || layers.contains(message.layer()))
                && (queuePairs.isEmpty() || hasQueuePair(message))
                && (tokens.isEmpty() || hasToken(message));
    }

    private boolean hasQueuePair(Message message) {
        if (queuePairs.contains(message.place().queuePair())) {
            return true;
        }
        SmcrEndpoint end = endpoint(message.body());
        if (end != null) {
            return queuePairs.contains(end.qpNumber());
        }
        return switch (message.body()) {
            case Body.Llc(LlcConfirmLink confirm, var _) -> queuePairs.contains(confirm.qpNumber());
            case Body.Llc(LlcAddLink add, var _) -> queuePairs.contains(add.qpNumber());
            default -> false;
        };
    }

    private boolean hasToken(Message message) {
        SmcrEndpoint end = endpoint(message.body());
        if (end != null) {
            return tokens.contains(end.alertToken());
        }
        return message.body() instanceof Body.Cdc cdc
                && tokens.contains(cdc.message().alertToken());
    }

    private static @Nullable SmcrEndpoint endpoint(Body body) {
        return switch (body) {
            case Body.Clc(ClcAcceptSmcr accept) -> accept.endpoint();
            case Body.Clc(ClcConfirmSmcr confirm) -> confirm.endpoint();
            default -> null;
        };
    }
}
