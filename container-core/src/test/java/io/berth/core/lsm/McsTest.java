// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class McsTest {
    @Test
    void noTwoPlacesInTheLedgerHaveTheSamePair() {
        Set<Mcs> pairs = new HashSet<>();
        for (int range = 0; range < 65_534; range++) { // the most that BERTH_UID_RANGES allows
            assertThat(pairs.add(Mcs.of(range))).isTrue();
        }
    }

    @Test
    void pairsBeginAndEndWithinTheCategories() {
        assertThat(Mcs.of(0)).hasToString("c0,c1");
        assertThat(Mcs.of(1)).hasToString("c0,c2");
        assertThat(Mcs.of(2)).hasToString("c1,c2");
        assertThat(Mcs.of(Mcs.PAIRS - 1)).hasToString("c1022,c1023");
        assertThatThrownBy(() -> Mcs.of(Mcs.PAIRS)).hasMessageContaining("523776 pairs");
        assertThatThrownBy(() -> new Mcs(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void contextHasTypeAndPair() {
        assertThat(Selinux.context(SelinuxType.CONTAINER_INIT_T, Mcs.of(2)))
                .isEqualTo("system_u:system_r:container_init_t:s0:c1,c2");
    }

    @Test
    void hostWithoutAModuleGivesNoLabel() {
        Label label = NoModule.NEITHER.label(new ContainerId(UUID.randomUUID()), 0);
        assertThat(label.isNone()).isTrue();
        assertThat(NoModule.NEITHER.describe()).startsWith("none: ");
    }
}
