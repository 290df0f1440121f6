package io.smc4j.rdma.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.rendezvous.ApproachTable.Approach;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApproachTableTest {
    private static final int[] NONE_KNOWN = new int[ApproachTable.SLOTS];

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(ApproachTable.BYTES, 64);
    private final ApproachTable table = new ApproachTable(memory);

    @AfterEach
    void close() {
        arena.close();
    }

    private Approach approach(long node, boolean othersLive) {
        return table.approach((int) node, node, id -> othersLive);
    }

    @Test
    void shouldSayWhenItIsFullAndGoOnWorking() {
        Set<Integer> slots = new HashSet<>();
        List<Approach> all = new ArrayList<>();
        for (int i = 0; i < ApproachTable.SLOTS; i++) {
            all.add(approach(77, true));
            slots.add(all.getLast().slot());
        }
        assertThat(slots).hasSize(ApproachTable.SLOTS);
        assertThat(approach(78, true)).isSameAs(ApproachTable.NONE);
        all.forEach(table::arrived);
        assertThat(table.approaching(NONE_KNOWN)).isNull();
        assertThat(approach(78, true)).isNotSameAs(ApproachTable.NONE);
    }

    @Test
    void shouldTakeOverTheSlotsOfDeadClientsWhoseApproachIsOver() {
        List<Approach> dead = new ArrayList<>();
        for (int i = 0; i < ApproachTable.SLOTS; i++) {
            dead.add(approach(66, true));
        }
        int[] seen = table.approaching(NONE_KNOWN);

        Approach living = approach(77, false);

        assertThat(living).isNotSameAs(ApproachTable.NONE);
        dead.forEach(table::arrived); // as if they lived after all
        assertThat(table.isAnyLeft(seen)).isFalse();
        int[] left = table.approaching(NONE_KNOWN);
        assertThat(left).isNotNull();
        assertThat(left[living.slot()]).isEqualTo(living.word());
    }

    @Test
    void shouldTellASlotFromWhatItWasBefore() {
        Approach first = approach(77, true);
        int[] seen = table.approaching(NONE_KNOWN);
        table.arrived(first);
        Approach second = approach(77, true);
        assertThat(second.slot()).isEqualTo(first.slot());
        assertThat(table.isAnyLeft(seen)).isFalse();
        table.arrived(first); // too late
        assertThat(table.approaching(NONE_KNOWN)).isNotNull();
        assertThat(table.approaching(seen)).as("known is another one").isNotNull();
        assertThat(table.approaching(table.approaching(NONE_KNOWN))).isNull();
    }

    @Test
    void shouldSurviveGarbageInSharedMemory() {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        System.out.println("smc4j.test.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] garbage = new byte[(int) ApproachTable.BYTES];
        for (int round = 0; round < 1_000; round++) {
            random.nextBytes(garbage);
            memory.copyFrom(MemorySegment.ofArray(garbage));
            Approach approach = table.approach(random.nextInt(), random.nextLong(), id -> random.nextBoolean());
            int[] seen = table.approaching(NONE_KNOWN);
            if (approach != ApproachTable.NONE) {
                assertThat(seen).isNotNull();
                assertThat(seen[approach.slot()]).isEqualTo(approach.word());
                table.arrived(approach);
            }
            if (seen != null) {
                assertThat(table.approaching(seen)).isNull();
            }
        }
    }
}
