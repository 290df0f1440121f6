package io.smc4j.actors.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the system has no memory for a buffer. What was booked for it is booked back, and the connection is told why. */
class R54NoMemoryForBufferTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1}) // not even the RMB, or no send buffer
    void shouldFreeAndBookBackWhatItDidNotGetAllOf(int succeed) {
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        List<Arena> arenas = new ArrayList<>();
        BufferPool pool = new BufferPool(List.of(), budget, 1000, Runnable::run, (arena, bytes) -> {
            arenas.add(arena);
            if (arenas.size() > succeed) {
                throw new OutOfMemoryError("none left");
            }
            return arena.allocate(bytes);
        });
        assertThatThrownBy(() -> pool.claim().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RdmaException.class,
                        e -> assertThat(e.category()).isEqualTo(RdmaException.Category.OUT_OF_RESOURCES));
        assertThat(budget.used()).isZero();
        assertThat(arenas).allMatch(arena -> !arena.scope().isAlive());
    }

    @Test
    void shouldRefuseWhatTheBudgetDoesNotAllowAndBookNothing() {
        MemoryBudget budget = new MemoryBudget(3000);
        BufferPool pool = new BufferPool(List.of(), budget, 1000, Runnable::run);
        RmbBuffer one = pool.claim().toCompletableFuture().join();
        assertThatThrownBy(() -> pool.claim().toCompletableFuture().join()).hasMessageContaining("max-memory");
        assertThat(budget.used()).isEqualTo(2000);
        pool.giveBack(one);
        assertThat(pool.claim().toCompletableFuture().join()).isSameAs(one);
        pool.close(false).toCompletableFuture().join();
        assertThat(budget.used()).isZero();
    }
}
