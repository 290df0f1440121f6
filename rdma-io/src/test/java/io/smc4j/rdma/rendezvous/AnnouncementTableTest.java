package io.smc4j.rdma.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.rendezvous.AnnouncementTable.Ticket;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnnouncementTableTest {
    private static AddressKey client(int number) {
        return new AddressKey(number >>> 16, number, number & 0xFFFF);
    }

    private static boolean isRoom(Ticket ticket) {
        return ticket != AnnouncementTable.NONE;
    }

    @Test
    void shouldSayWhenItIsFullAndGoOnWorking() {
        try (Arena arena = Arena.ofConfined()) {
            AnnouncementTable table = new AnnouncementTable(arena.allocate(AnnouncementTable.BYTES, 64));
            List<AddressKey> announced = new ArrayList<>();
            List<Ticket> tickets = new ArrayList<>();
            int refused = 0;
            for (int i = 1; i <= 5_000; i++) {
                Ticket ticket = table.announce(client(i), 77, node -> true, new byte[0]);
                if (isRoom(ticket)) {
                    announced.add(client(i));
                    tickets.add(ticket);
                } else {
                    refused++;
                }
            }
            assertThat(announced).hasSizeBetween(900, 1024);
            assertThat(refused).isPositive();
            assertThat(announced).allMatch(key -> table.claim(key, node -> node == 77) != null);
            assertThat(announced).noneMatch(key -> table.claim(key, node -> true) != null);
            assertThat(tickets).allMatch(table::withdraw);
            assertThat(isRoom(table.announce(client(5_000), 77, node -> true, new byte[0])))
                    .isTrue();
        }
    }

    @Test
    void shouldTakeOverTheSlotsOfDeadClientsAndLeaveTheirTicketsVoid() {
        try (Arena arena = Arena.ofConfined()) {
            AnnouncementTable table = new AnnouncementTable(arena.allocate(AnnouncementTable.BYTES, 64));
            AddressKey same = client(1);
            List<Ticket> dead = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                dead.add(table.announce(same, 66, node -> true, new byte[0]));
            }
            assertThat(isRoom(table.announce(same, 77, node -> true, new byte[0])))
                    .isFalse();

            Ticket ticket = table.announce(same, 77, node -> node == 77, new byte[0]);

            assertThat(isRoom(ticket)).isTrue();
            assertThat(dead.stream().filter(old -> old.slot() == ticket.slot())).allSatisfy(old -> {
                assertThat(table.withdraw(old)).isFalse();
                assertThat(table.isClaimed(old)).isFalse();
            });
            assertThat(table.claim(same, node -> node == 77)).isEmpty();
            assertThat(table.isClaimed(ticket)).isTrue();
        }
    }

    @Test
    void shouldSurviveGarbageInSharedMemory() {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        System.out.println("smc4j.test.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (Arena arena = Arena.ofConfined()) {
            var memory = arena.allocate(AnnouncementTable.BYTES, 64);
            AnnouncementTable table = new AnnouncementTable(memory);
            byte[] garbage = new byte[(int) AnnouncementTable.BYTES];
            for (int round = 0; round < 50; round++) {
                random.nextBytes(garbage);
                memory.copyFrom(java.lang.foreign.MemorySegment.ofArray(garbage));
                for (int i = 0; i < 200; i++) {
                    Ticket ticket = table.announce(
                            client(random.nextInt()),
                            77,
                            node -> random.nextBoolean(),
                            new byte[random.nextInt(AnnouncementTable.LONGEST_OPENING + 1)]);
                    byte[] opening = table.claim(client(random.nextInt()), node -> random.nextBoolean());
                    if (opening != null) {
                        assertThat(opening).hasSizeLessThanOrEqualTo(AnnouncementTable.LONGEST_OPENING);
                    }
                    if (isRoom(ticket)) {
                        table.withdraw(ticket);
                    }
                }
                assertThat(table.local().port()).isBetween(0, 0xFFFF);
            }
        }
    }

    /** Each announcement is either claimed by exactly one of the servers or withdrawn unclaimed, never both. */
    @Test
    void shouldAgreeBetweenClientsAndServersWhoRace() throws Exception {
        int rounds = 100_000;
        try (Arena arena = Arena.ofShared()) {
            AnnouncementTable table = new AnnouncementTable(arena.allocate(AnnouncementTable.BYTES, 64));
            AtomicInteger round = new AtomicInteger(1);
            Set<Integer> claims = new HashSet<>();
            Thread server = Thread.ofPlatform().start(() -> {
                for (int now = round.get(); now <= rounds; now = round.get()) {
                    byte[] opening = table.claim(client(now), node -> true);
                    if (opening != null) {
                        assertThat(opening).as("the opening of that client").isEqualTo(opening(now));
                        assertThat(claims.add(now)).as("claimed once: %d", now).isTrue();
                    }
                }
            });
            Set<Integer> claimed = new HashSet<>();
            for (int i = 1; i <= rounds; i++) {
                round.set(i);
                Ticket ticket = table.announce(client(i), 77, node -> true, opening(i));
                for (int pause = i & 15; pause > 0; pause--) {
                    Thread.onSpinWait();
                }
                if (table.withdraw(ticket)) {
                    claimed.add(i);
                }
            }
            round.set(rounds + 1);
            server.join();
            assertThat(claims).isEqualTo(claimed);
            assertThat(claimed).isNotEmpty();
        }
    }

    /** As different as can be from client to client, in length too. */
    private static byte[] opening(int client) {
        byte[] bytes = new byte[1 + client % AnnouncementTable.LONGEST_OPENING];
        Arrays.fill(bytes, (byte) (client * 31));
        return bytes;
    }
}
