// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnprivilegedTest {
    @Test
    void ordinaryUserMayRunIt() {
        assertThatCode(() -> Unprivileged.require(status("990\t990\t990\t990", "0000000000000000")))
                .doesNotThrowAnyException();
    }

    @Test
    void rootMayNotInWhicheverPlace() {
        for (String uids : List.of("0\t0\t0\t0", "990\t0\t990\t990", "990\t990\t0\t990")) {
            assertThatThrownBy(() -> Unprivileged.require(status(uids, "0000000000000000")))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("runs as root")
                    .hasMessageContaining("setpriv");
        }
    }

    @Test
    void capabilityMayNot() {
        assertThatThrownBy(() -> Unprivileged.require(status("990\t990\t990\t990", "0000000000000400")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("CapPrm 0000000000000400");
    }

    private static List<String> status(String uids, String permitted) {
        return List.of("Name:\tjava", "Uid:\t" + uids, "CapPrm:\t" + permitted);
    }
}
