package io.smc4j.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.Smc;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No lock and no count decides when something of a link group, link or connection ends: messages do. What there is of locks and
 * atomics in this module is listed here, each with what it is for. Whoever adds one adds a line, or finds a message that does it.
 */
class LifetimeReviewTest {
    /** Monitors and locks. None is held across a wait for another actor, a device or a peer. */
    private static final Map<String, String> LOCKS = Map.of(
            "channel/AcceptQueue",
                    "pairs accepted connections with application threads that ask; late ones are aborted by who offers them",
            "tcp/TcpInput", "one application thread at a time reads a socket",
            "tcp/TcpOutput", "one application thread at a time writes to a socket",
            "tcp/SocketWait", "opens and closes the selector of a waiting thread",
            "tcp/TcpReadiness", "opens the selector with the first question, on the loop of the node or one of its own",
            "tcp/ClcStream", "keeps CLC messages in order when one cannot be written at once",
            "queue/LinkRoutes", "copies the table of alert tokens on a change; it is read without",
            "datapath/Views",
                    "makes and revokes the views lent to the application; the owner asks, and frees only in its own turn");

    /** Atomics and ordered accesses. */
    private static final Map<String, String> ATOMICS = Map.ofEntries(
            Map.entry("node/SmcNode", "makes the counter of alert tokens"),
            Map.entry("node/NodeContext", "alert tokens grow over all link groups of a node"),
            Map.entry("node/MemoryBudget", "bytes registered by all link groups; a limit, not a lifetime"),
            Map.entry("group/LinkGroup", "facts for people, published for info()"),
            Map.entry("handshake/Listener", "its handle is made once"),
            Map.entry("channel/ServerChannelImpl", "close is asked for once"),
            Map.entry("channel/ChannelImpl", "asks ChannelState"),
            Map.entry("channel/ChannelState", "close is asked for once; the Connection decides what follows"),
            Map.entry("channel/OneThread", "finds a second thread in a call, to refuse it"),
            Map.entry("stream/Handoff", "one value from a callback to a stage, or to who closes it"),
            Map.entry("stream/ListenLogic", "an unbinding is told from a failure"),
            Map.entry("stream/StreamConnection", "is materialized once"),
            Map.entry(
                    "queue/Baton",
                    "data path: whose turn it is to work at a completion queue; never waited for by applications"),
            Map.entry("queue/QueueCounters", "counters for people"),
            Map.entry("loop/ControlLoop", "has one guest at a time"),
            Map.entry(
                    "time/TicklessScheduler",
                    "a timer of Pekko's runs once, or is cancelled; knows nothing of connections"),
            Map.entry("tcp/TcpAcceptor", "one accept at a time, which one thread answers"),
            Map.entry("tcp/TcpInput", "bytes for people"),
            Map.entry("tcp/TcpOutput", "bytes for people, and whether the socket takes more"),
            Map.entry("tcp/TcpReadiness", "hands registrations to the selector's thread"),
            Map.entry("tcp/ReadyCallbacks", "hands a callback to whoever finds readiness, once"),
            Map.entry("tcp/TcpEndpoint", "flags of the peer and the first failure"),
            Map.entry("tcp/ClcStream", "the socket is handed over once"),
            Map.entry(
                    "datapath/ApplicationSide",
                    "data path: flags of the peer and the first failure, seen by application threads"),
            Map.entry("datapath/DirtySet", "data path: endpoints with something to send, many producers"),
            Map.entry("datapath/Doorbell", "data path: wakes a parked owner"),
            Map.entry(
                    "datapath/Gates",
                    "data path: who is inside a call; the owner asks whether it is quiet, in its turn"),
            Map.entry("datapath/SmcdInput", "data path: cursors of the ring"),
            Map.entry("datapath/SmcdOutput", "data path: cursors of the ring"),
            Map.entry("datapath/SmcdMemory", "data path: ordered accesses to the DMB"),
            Map.entry("datapath/SmcrEndpoint", "data path: cursors between owner and application"),
            Map.entry("datapath/SmcrSender", "data path: cursors between owner and application"),
            Map.entry("datapath/Waiter", "data path: parks and wakes application threads"));

    @Test
    void shouldUseLocksOnlyWhereListed() throws Exception {
        assertThat(find(LifetimeReviewTest::locks)).containsExactlyInAnyOrderElementsOf(LOCKS.keySet());
    }

    @Test
    void shouldUseAtomicsOnlyWhereListed() throws Exception {
        assertThat(find(LifetimeReviewTest::atomics)).containsExactlyInAnyOrderElementsOf(ATOMICS.keySet());
    }

    private interface Question {
        boolean asks(ClassModel model);
    }

    private static boolean locks(ClassModel model) {
        return model.methods().stream().anyMatch(LifetimeReviewTest::synchronizes)
                || refersTo(model, "java/util/concurrent/locks/", "LockSupport");
    }

    private static boolean synchronizes(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code()
                        .map(code -> code.elementStream()
                                .anyMatch(element -> element instanceof java.lang.classfile.Instruction instruction
                                        && instruction.opcode() == Opcode.MONITORENTER))
                        .orElse(false);
    }

    private static boolean atomics(ClassModel model) {
        return refersTo(model, "java/util/concurrent/atomic/", "") || refersTo(model, "java/lang/invoke/VarHandle", "");
    }

    /** @param except the end of a name that does not count; none if empty */
    private static boolean refersTo(ClassModel model, String prefix, String except) {
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry type
                    && type.asInternalName().startsWith(prefix)
                    && (except.isEmpty() || !type.asInternalName().endsWith(except))) {
                return true;
            }
        }
        return false;
    }

    /** Top-level classes of the actors, by folder and name, for which the question is answered with yes. */
    private static Set<String> find(Question question) throws Exception {
        Path root = Path.of(Smc.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("io/smc4j/actors");
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                if (question.asks(parse(file))) {
                    found.put(root.relativize(file).toString().replaceAll("(\\$.*)?\\.class$", ""), file);
                }
            }
        }
        return found.keySet();
    }

    private static ClassModel parse(Path file) throws IOException {
        return ClassFile.of().parse(Files.readAllBytes(file));
    }
}
