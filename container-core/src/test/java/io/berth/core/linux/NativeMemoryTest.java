// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NativeMemoryTest {
    @Test
    void isZeroedAlignedAndGrows() {
        try (var memory = new NativeMemory()) {
            memory.string("odd");
            for (int size : new int[] {1, 7, 900, 5000, 3}) {
                NativeBuffer buffer = memory.allocate(size);
                assertThat(buffer.address() % 8).isZero();
                assertThat(buffer.getBytes(0, size)).containsOnly(0);
                buffer.put(0, new byte[size]);
            }
        }
    }

    @Test
    void boundsAreChecked() {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.longs(1, 2);
            assertThat(buffer.getLong(8)).isEqualTo(2);
            assertThatThrownBy(() -> buffer.putInt(13, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.getLong(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.put(0, new byte[17])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void textEndsAtANul() {
        try (var memory = new NativeMemory()) {
            assertThat(memory.string("e overlay: no\n").getText(15)).isEqualTo("e overlay: no");
            assertThat(memory.string("x")).hasToString("'x'");
        }
    }

    /** Memory that the collector frees gave 2 wrong answers in 108,000 calls under this load. */
    @Test
    @Timeout(60)
    void theCollectorDoesntTakeMemoryFromARunningCall() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong wrong = new AtomicLong();
        Thread collector = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                System.gc();
            }
        });
        Thread[] callers = new Thread[3];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    String path = "/proc/self/status_is_no_directory_but_a_name_that_is_long_enough/" + n;
                    try {
                        FileCalls.openat(path).close();
                        wrong.incrementAndGet();
                    } catch (SyscallException e) {
                        wrong.addAndGet(e.errno() == Errno.ENOENT ? 0 : 1);
                    }
                }
            });
        }
        for (Thread caller : callers) {
            caller.join();
        }
        stop.set(true);
        collector.join();
        assertThat(wrong).hasValue(0);
    }
}
