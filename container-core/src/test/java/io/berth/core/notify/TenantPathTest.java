// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TenantPathTest {
    @Test
    void theLastNameIsApart() {
        assertThat(TenantPath.of("/dev/null")).isEqualTo(new TenantPath(true, "/dev/", "null"));
        assertThat(TenantPath.of("/null")).isEqualTo(new TenantPath(true, "/", "null"));
        assertThat(TenantPath.of("null")).isEqualTo(new TenantPath(false, "", "null"));
        assertThat(TenantPath.of("../a/null")).isEqualTo(new TenantPath(false, "../a/", "null"));
    }

    @Test
    void slashesAtTheEndStayWithTheName() {
        assertThat(TenantPath.of("/dev/null/")).isEqualTo(new TenantPath(true, "/dev/", "null/"));
        assertThat(TenantPath.of("null//")).isEqualTo(new TenantPath(false, "", "null//"));
        assertThat(TenantPath.of("///")).isEqualTo(new TenantPath(true, "/", ""));
    }

    @Test
    void nothingIsNoPath() {
        assertThatThrownBy(() -> TenantPath.of("")).hasMessageContaining("ENOENT");
    }
}
