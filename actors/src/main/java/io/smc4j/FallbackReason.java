package io.smc4j;

import java.util.OptionalInt;

/**
 * Why a connection uses TCP.
 *
 * @param code Linux's numeric diagnosis code (for example 0x03010000: the peer does not speak SMC)
 * @param symbol its name as in the Linux sources without the prefix, for example {@code PEERNOSMC}
 * @param detail what happened, for a person
 * @param peerDiagnosis the code the peer gave when it declined, if it was the peer
 */
public record FallbackReason(int code, String symbol, String detail, OptionalInt peerDiagnosis) {
    /** As {@code smcss} prints it: {@code 0x05000000/0x03030000} with the peer's code behind the slash. */
    public String codes() {
        String own = "0x%08x".formatted(code);
        return peerDiagnosis.isPresent() ? own + "/0x%08x".formatted(peerDiagnosis.getAsInt()) : own;
    }

    @Override
    public String toString() {
        return codes() + " " + symbol + ": " + detail;
    }
}
