// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.SyscallException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AffinityTest {
    private static final int BYTES = 16;

    private static byte[] mask(int... processors) {
        BitSet bits = new BitSet();
        IntStream.of(processors).forEach(bits::set);
        return Arrays.copyOf(bits.toByteArray(), BYTES);
    }

    @Test
    void aPartBeginsWhereTheContainersNumberSays() {
        assertThat(Affinity.part(mask(0, 1, 2, 3), 2, 4)).isEqualTo(mask(0, 1));
        assertThat(Affinity.part(mask(0, 1, 2, 3), 2, 7)).isEqualTo(mask(3, 0));
        assertThat(Affinity.part(mask(5, 64, 100), 2, 32_767)).isEqualTo(mask(64, 100));
    }

    @Test
    void aLimitThatPaysForMoreShowsAll() {
        assertThat(Affinity.part(mask(1, 70), 64, 5)).isEqualTo(mask(1, 70));
    }

    @Test
    void thirtyTwoBitProgramsMayAskForHalfALong() {
        assertThat(Affinity.narrowed(mask(0, 31), 4)).isEqualTo(new byte[] {1, 0, 0, (byte) 0x80});
        assertThat(Affinity.narrowed(mask(0, 31), 12)).hasSize(12);
        assertThatThrownBy(() -> Affinity.narrowed(mask(0, 32), 4))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> Affinity.narrowed(mask(0), 6)).hasMessageContaining("EINVAL");
    }
}
