package io.smc4j.rdma.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossCoreCopyTest {
    private static final int ROOM = 700_000;

    private final byte[] bytes = new byte[ROOM];

    CrossCoreCopyTest() {
        new Random(4711).nextBytes(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 4095, 4096, 4097, 65_536, 262_144, 262_145, 600_001})
    void shouldCopyExactlyTheseBytesFromTheHeapAndFromNativeMemory(int length) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment heap = MemorySegment.ofArray(bytes);
            MemorySegment nativeSource = arena.allocate(ROOM).copyFrom(heap);
            for (MemorySegment source : new MemorySegment[] {heap, nativeSource, nativeSource.asReadOnly()}) {
                MemorySegment target = arena.allocate(ROOM);
                CrossCoreCopy.copy(source, 77, target, 5, length);
                assertThat(target.asSlice(5, length).mismatch(heap.asSlice(77, length)))
                        .isEqualTo(-1);
                assertThat(target.asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
                assertThat(target.asSlice(5L + length).toArray(ValueLayout.JAVA_BYTE))
                        .containsOnly(0);
            }
        }
    }

    @Test
    void shouldCopyToTheHeapToo() {
        byte[] copy = new byte[ROOM];
        CrossCoreCopy.copy(MemorySegment.ofArray(bytes), 0, MemorySegment.ofArray(copy), 0, ROOM);
        assertThat(copy).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {64, 8192})
    void shouldRefuseWhatIsOutOfBounds(long length) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment small = arena.allocate(length);
            MemorySegment large = arena.allocate(2 * length);
            for (MemorySegment other : new MemorySegment[] {large, MemorySegment.ofArray(new byte[(int) length * 2])}) {
                assertThatThrownBy(() -> CrossCoreCopy.copy(other, length + 1, small, 0, length))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> CrossCoreCopy.copy(other, -1, small, 0, length))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> CrossCoreCopy.copy(other, 0, small, 1, length))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> CrossCoreCopy.copy(other, 0, small, -1, length))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> CrossCoreCopy.copy(large, 0, small.asReadOnly(), 0, length))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldThrowRatherThanTouchMemoryThatIsClosed() {
        MemorySegment closed;
        try (Arena arena = Arena.ofShared()) {
            closed = arena.allocate(ROOM);
        }
        assertThatThrownBy(() -> CrossCoreCopy.copy(MemorySegment.ofArray(bytes), 0, closed, 0, ROOM))
                .isInstanceOf(IllegalStateException.class);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment target = arena.allocate(ROOM);
            assertThatThrownBy(() -> CrossCoreCopy.copy(closed, 0, target, 0, ROOM))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
