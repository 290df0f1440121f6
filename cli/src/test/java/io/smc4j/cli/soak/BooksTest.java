package io.smc4j.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.TransportPreference;
import io.smc4j.cli.soak.EndReport.Result;
import io.smc4j.testkit.soak.Trouble;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the soak takes for a broken promise when only one end of a connection is ever heard of. */
class BooksTest {
    private static final long ID = ConnectionPlan.id(0, 1, 7);

    private final FaultHistory faults = new FaultHistory();
    private final Books books = new Books(1, List.of(TransportPreference.SMC_D), faults);

    private static EndReport orderly(boolean initiator, String transport, long read) {
        return new EndReport(ID, initiator, transport, Result.ORDERLY, "", read, 1161, 0, 0, 0, "INTERR");
    }

    private List<String> problems(EndReport only) {
        books.accept(only);
        books.close();
        return books.problems();
    }

    private void failAnActorOf(int peer) {
        faults.done(new Fault(0, Trouble.ACTOR_FAILURE, peer, 0, 0));
    }

    @Test
    void shouldExcuseAClientOfPlainTcpWhoseServersHandshakeMayHaveFailed() {
        failAnActorOf(1);
        assertThat(problems(orderly(true, "tcp", 0))).isEmpty();
    }

    @Test
    void shouldNotExcuseItWhenNoActorOfTheServerFailed() {
        failAnActorOf(0);
        assertThat(problems(orderly(true, "tcp", 0))).singleElement().asString().contains("never heard of");
    }

    @Test
    void shouldNotExcuseAClientThatHeardFromTheServersApplication() {
        failAnActorOf(1);
        assertThat(problems(orderly(true, "tcp", 1))).hasSize(1);
    }

    @Test
    void shouldNotExcuseAConnectionOverMemory() {
        failAnActorOf(1);
        assertThat(problems(orderly(true, "smc-d", 0))).hasSize(1);
    }
}
