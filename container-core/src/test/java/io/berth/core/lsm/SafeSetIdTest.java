// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeSetIdTest {
    @Test
    void anAccountMayBecomeItselfAlone() {
        assertThat(SafeSetId.pinned("", 995)).isEqualTo("995:995\n");
        assertThat(SafeSetId.pinned("995:0\n995:1\n", 995)).isEqualTo("995:995\n");
    }

    @Test
    void rulesOfOthersStay() {
        assertThat(SafeSetId.pinned("33:33\n9950:1\n995:995\n", 995)).isEqualTo("33:33\n9950:1\n995:995\n");
    }
}
