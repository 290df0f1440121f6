package io.smc4j.system;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMailbox;
import scala.Option;

/** A mailbox that counts what is put into it, by message class. Made by the actor system from its name: hence the static table. */
public final class CountingMailbox implements MailboxType, ProducesMessageQueue<UnboundedMailbox.MessageQueue> {
    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    public CountingMailbox(ActorSystem.Settings settings, Config config) {}

    /** Messages so far, by class. */
    static Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        COUNTS.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        return new UnboundedMailbox.MessageQueue() {
            @Override
            public void enqueue(ActorRef receiver, Envelope handle) {
                COUNTS.computeIfAbsent(handle.message().getClass().getName(), name -> new LongAdder())
                        .increment();
                super.enqueue(receiver, handle);
            }
        };
    }
}
