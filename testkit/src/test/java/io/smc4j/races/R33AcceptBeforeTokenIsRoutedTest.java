package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** no peer learns a token before CDC messages with it are led to buffers that exist. */
@SmcTest
class R33AcceptBeforeTokenIsRoutedTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    @Test
    void shouldNotOfferAConnectionWhoseTokenLeadsNowhereYet(NodePair pair, SmcServerChannel listener) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        ActorFault attaching = pair.server()
                .director()
                .at(ActorKind.COMPLETION_QUEUE_OWNER)
                .message("AttachEndpoint")
                .hold();
        pair.server()
                .director()
                .at(ActorKind.SERVER_HANDSHAKE)
                .message("Joined")
                .run(told::countDown);
        CompletionStage<SmcChannel> connecting = pair.client()
                .smc()
                .connect(listener.localAddress(), ConnectOptions.defaults().withTransport(TransportPreference.SMC_R));
        attaching.awaitStruck(BenchA.PATIENCE);
        assertThat(told.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS))
                .as("offered before the owner led the token to the endpoint")
                .isFalse();
        attaching.release();
        assertThat(TestNode.await(connecting).info().transport()).isEqualTo(Transport.SMC_R);
        assertThat(told.getCount()).isZero();
    }
}
