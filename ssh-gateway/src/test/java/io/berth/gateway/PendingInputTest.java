// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingInputTest {
    private final PendingInput input = new PendingInput();

    @Test
    void packetsAreJoinedInOrder() throws Exception {
        assertThat(input.append(new byte[] {0, 1, 2, 0}, 1, 2)).isZero();
        assertThat(input.append(new byte[] {3}, 0, 1)).isZero();
        assertThat(input.take()).containsExactly(1, 2, 3);
    }

    @Test
    void whatCameBeforeTheEndIsGivenOut() throws Exception {
        input.append(new byte[] {1}, 0, 1);
        input.end();
        assertThat(input.append(new byte[] {2}, 0, 1)).isEqualTo(1);
        assertThat(input.take()).containsExactly(1);
        assertThat(input.take()).isNull();
    }

    @Test
    void discardingDropsAndWakes() throws Exception {
        input.append(new byte[] {1, 2}, 0, 2);
        assertThat(input.discard()).isEqualTo(2);
        assertThat(input.append(new byte[] {3}, 0, 1)).isEqualTo(1);
        assertThat(input.take()).isNull();
    }
}
