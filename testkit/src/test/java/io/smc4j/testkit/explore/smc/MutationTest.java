package io.smc4j.testkit.explore.smc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smc4j.testkit.explore.ExplorationFailed;
import io.smc4j.testkit.explore.Explorer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the tests: bugs put into the state machines and into the models of the actors around them, none of which the explorer may
 * miss. Without the bug the same configuration keeps every promise.
 */
final class MutationTest {
    private static final int LIMIT = 400_000;

    private static final SmcOptions ONE = SmcOptions.established(1, 2).atOnce(true);
    private static final SmcOptions TWO = SmcOptions.established(2, 2).atOnce(true);
    private static final SmcOptions ONE_LINK = SmcOptions.established(2, 1).atOnce(true);

    private static final SmcOptions END = SmcOptions.established(1, 1).with(Budget.TERMINATE, 1);
    private static final SmcOptions FIRST_CONTACT =
            SmcOptions.firstContact(1).with(Budget.TERMINATE, 1).atOnce(true);
    private static final SmcOptions IDLE = SmcOptions.established(0, 1)
            .with(Budget.IDLE, 1)
            .with(Budget.TERMINATE, 1)
            .with(Budget.CONNECT, 1)
            .atOnce(true);
    private static final SmcOptions FAILURE = ONE.atOnce(false).with(Budget.LINK_FAILURE, 1);
    private static final SmcOptions FAILOVER = ONE.with(Budget.LINK_FAILURE, 1).with(Budget.WRITE, 2);
    private static final SmcOptions LATE_ANSWER =
            ONE_LINK.with(Budget.ABORT, 2).with(Budget.WRITE, 1).with(Budget.EARLY_DEADLINE, 1);
    private static final SmcOptions ABORT =
            TWO.with(Budget.ABORT, 1).with(Budget.CONNECT, 1).with(Budget.WRITE, 1);
    private static final SmcOptions CLOSE = SmcOptions.established(1, 1)
            .with(Budget.CLOSE, 2)
            .with(Budget.WRITE, 2)
            .with(Budget.SHUTDOWN, 1)
            .ring(1);
    private static final SmcOptions JOIN =
            ONE.with(Budget.CONNECT, 1).with(Budget.TERMINATE, 1).with(Budget.CLOSE, 1);
    private static final SmcOptions PORT_UP = SmcOptions.established(1, 2)
            .ports(2, 1, 2)
            .with(Budget.PORT_UP, 1)
            .with(Budget.CONNECT, 1)
            .atOnce(true);
    private static final SmcOptions LATE_HANDSHAKE =
            ONE.with(Budget.CONNECT, 1).with(Budget.EARLY_DEADLINE, 1).with(Budget.WRITE, 1);

    private static final SmcOptions LATE_HANDSHAKE_AND_FAILURE =
            ONE.with(Budget.CONNECT, 1).with(Budget.EARLY_DEADLINE, 1).with(Budget.LINK_FAILURE, 1);

    static Stream<Arguments> bugs() {
        return Stream.of(
                bug(
                        "frees before children stopped",
                        END,
                        Promise.CHILDREN_FIRST,
                        new Mutations.FreesBeforeChildrenStopped()),
                bug("unlists after stopping", END, Promise.UNLIST_FIRST, new Mutations.UnlistsAfterStopping()),
                bug("ends twice: idle and DELETE LINK (all)", IDLE, Promise.FREED_ONCE, new Mutations.EndsTwice()),
                bug("link down twice", FAILURE, Promise.FREED_ONCE, new Mutations.LinkDownTwice()),
                bug("drops the delayed event", PORT_UP, Promise.NO_NEEDLESS_WAIT, new Mutations.DropsDelayedEvent()),
                bug(
                        "takes a late DELETE RKEY answer",
                        LATE_ANSWER,
                        Promise.BUFFER_SAFE,
                        new Mutations.TakesLateRkeyAnswer()),
                bug("sends before RTS", FIRST_CONTACT, Promise.POSTED_WHEN_READY, new Mutations.SendsBeforeReady()),
                bug("forgets a deadline", FIRST_CONTACT, Promise.DEADLINE_ARMED, new Mutations.ForgetsDeadline()),
                bug("forgets waiters", JOIN, Promise.WAITERS_ANSWERED, new Mutations.ForgetsWaiters()),
                bug(
                        "leaves connections on a dead link",
                        FAILURE,
                        Promise.BOOK_IS_TRUE,
                        new Mutations.ForgetsToMoveConnections()),
                bug(
                        "drops the passive reference twice",
                        CLOSE,
                        Promise.FREED_ONCE,
                        new Mutations.DropsPassiveReferenceTwice()),
                bug("releases twice", END.with(Budget.ABORT, 1), Promise.ONE_REASON, new Mutations.ReleasesTwice()),
                bug("closes silently", CLOSE, Promise.ENDING_ENDS, new Mutations.ClosesSilently()),
                bug("reuses a token", ABORT, Promise.INCARNATION, new SmcParts() {
                    @Override
                    public int token(int connection, int former) {
                        return former > 0 ? former : connection;
                    }
                }),
                bug("counts after posting", FAILURE.with(Budget.WRITE, 1), Promise.CHILDREN_FIRST, new SmcParts() {
                    @Override
                    public boolean countsBeforePosting() {
                        return false;
                    }
                }),
                bug(
                        "destroys a queue pair too early",
                        FAILURE.with(Budget.WRITE, 1),
                        Promise.CHILDREN_FIRST,
                        new SmcParts() {
                            @Override
                            public boolean mayDestroyQueuePair(int outstanding, int unpolled) {
                                return true;
                            }
                        }),
                bug(
                        "lets go of a connection too early",
                        FAILURE.with(Budget.ABORT, 1),
                        Promise.CHILDREN_FIRST,
                        new SmcParts() {
                            @Override
                            public boolean mayDetach(int inFlight) {
                                return true;
                            }
                        }),
                bug("uses a buffer again at once", ABORT, Promise.BUFFER_SAFE, new SmcParts() {
                    @Override
                    public BufferFate bufferOfStopped(boolean quiet, boolean listed) {
                        return BufferFate.REUSE;
                    }
                }),
                bug(
                        "uses a buffer again after an unanswered withdrawal",
                        LATE_ANSWER,
                        Promise.BUFFER_SAFE,
                        new SmcParts() {
                            @Override
                            public BufferFate bufferAfterWithdrawal(boolean safe) {
                                return BufferFate.REUSE;
                            }
                        }),
                bug("takes CDC messages out of order", FAILOVER, Promise.NO_BYTE_LOST, new SmcParts() {
                    @Override
                    public boolean isStale(int sequence, int lastTaken) {
                        return false;
                    }
                }),
                bug("judges a link switch at once", FAILOVER, Promise.NO_BYTE_LOST, new SmcParts() {
                    @Override
                    public boolean mayJudge(int unpolled) {
                        return true;
                    }
                }),
                bug("does not send again after a link switch", FAILOVER, Promise.NO_BYTE_LOST, new SmcParts() {
                    @Override
                    public int rewindsTo(int sent, int finished) {
                        return sent;
                    }
                }),
                bug("ignores the window", CLOSE, Promise.NO_BYTE_LOST, new SmcParts() {
                    @Override
                    public int mayWrite(int pending, int space) {
                        return pending;
                    }
                }),
                bug("closes before the last byte", CLOSE, Promise.NO_BYTE_LOST, new SmcParts() {
                    @Override
                    public boolean flagsMayGo(int left) {
                        return true;
                    }
                }),
                bug("matches an unlisted group", JOIN, Promise.UNLIST_FIRST, new SmcParts() {
                    @Override
                    public boolean mayMatch(Registry registry) {
                        return registry == Registry.LISTED || registry == Registry.UNLISTED;
                    }
                }),
                bug("writes to a withdrawn buffer", LATE_HANDSHAKE, Promise.BUFFER_SAFE, new SmcParts() {
                    @Override
                    public boolean endsWritersBeforeAnswering() {
                        return false;
                    }
                }),
                bug(
                        "does not watch the TCP connection",
                        LATE_HANDSHAKE_AND_FAILURE,
                        Promise.ENDS_AGREE,
                        new SmcParts() {
                            @Override
                            public boolean watchesTcp() {
                                return false;
                            }
                        }),
                bug("joins with a withdrawn buffer", LATE_HANDSHAKE, Promise.BUFFER_SAFE, new SmcParts() {
                    @Override
                    public boolean mayJoinWithoutKey() {
                        return true;
                    }
                }));
    }

    private static Arguments bug(String name, SmcOptions options, Promise promise, SmcParts parts) {
        return Arguments.of(name, options, promise, parts);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void shouldFindTheBug(String name, SmcOptions options, Promise promise, SmcParts parts) {
        ExplorationFailed found = catchThrowableOfType(
                ExplorationFailed.class,
                () -> new Explorer<>(new SmcModel(options, parts)).limit(LIMIT).explore());
        assertThat(found).as("the explorer misses: %s", name).isNotNull();
        System.out.println("--- " + name + System.lineSeparator() + found.getMessage());
        assertThat(found.promise()).isEqualTo(promise.name());
        assertThat(found.steps()).isNotEmpty();
    }

    static Stream<SmcOptions> configurations() {
        return bugs().map(bug -> (SmcOptions) bug.get()[1]).distinct();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configurations")
    void shouldKeepEveryPromiseWithoutTheBug(SmcOptions options) {
        System.out.println(new Explorer<>(new SmcModel(options)).limit(LIMIT).explore());
    }
}
