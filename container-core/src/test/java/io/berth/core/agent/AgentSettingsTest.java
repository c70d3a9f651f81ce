// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.runtime.RuntimeSettings.Lsm;
import io.berth.core.runtime.RuntimeSettings.StorageDriver;
import io.berth.core.spec.PublishablePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentSettingsTest {
    @Test
    void defaults() {
        var expected = new AgentSettings(
                "berth",
                Path.of("/var/lib/berth"),
                Path.of("/run/berth"),
                StorageDriver.BTRFS,
                null,
                536_870_912L,
                16_384,
                Duration.ofHours(1),
                "10.181.0.1/16",
                "fd42:7a1c:b0e5:1::1/64",
                "berth",
                "berth-gateway",
                "berth-monitor",
                Lsm.DEFAULT,
                Duration.ofSeconds(60),
                false,
                new PublishablePorts(20_000, 29_999, Set.of(8080, 2222, 5442)));
        assertThat(AgentSettings.from(Map.of())).isEqualTo(expected);
        assertThat(AgentSettings.from(Map.of("BERTH_INSTANCE", "", "BERTH_POOL_BYTES", " ")))
                .isEqualTo(expected);
        assertThat(expected.socket()).isEqualTo(Path.of("/run/berth/agent.sock"));
        assertThat(expected.lock()).isEqualTo(Path.of("/var/lib/berth/agent/lock"));
        assertThat(expected.ticketKey()).isEqualTo(Path.of("/var/lib/berth/platform/ticket.pub"));
    }

    @Test
    void mapping() {
        assertThat(AgentSettings.from(Map.ofEntries(
                        Map.entry("BERTH_INSTANCE", "second"),
                        Map.entry("BERTH_STATE_DIR", "/s"),
                        Map.entry("BERTH_RUN_DIR", "/r"),
                        Map.entry("BERTH_STORAGE", "overlay"),
                        Map.entry("BERTH_POOL_BYTES", "1073741824"),
                        Map.entry("BERTH_UID_BASE", "65536"),
                        Map.entry("BERTH_UID_RANGES", "3"),
                        Map.entry("BERTH_UID_QUARANTINE", "60"),
                        Map.entry("BERTH_IPV4", "none"),
                        Map.entry("BERTH_IPV6", "fd00::1/64"),
                        Map.entry("BERTH_PLATFORM_USER", "p"),
                        Map.entry("BERTH_GATEWAY_USER", "g"),
                        Map.entry("BERTH_MONITOR_USER", "m"),
                        Map.entry("BERTH_REQUIRE_LSM", "apparmor"),
                        Map.entry("BERTH_SELINUX_TYPE", "container_t"),
                        Map.entry("BERTH_PASSPORT_SECONDS", "5"),
                        Map.entry("BERTH_ON_DRIFT", "freeze"),
                        Map.entry("BERTH_PUBLISHED_PORTS", "3000-3999"),
                        Map.entry("BERTH_HTTP_PORT", "3080"),
                        Map.entry("BERTH_SSH_PORT", "3022"),
                        Map.entry("BERTH_DATABASE_PORT", "3022"))))
                .isEqualTo(new AgentSettings(
                        "second",
                        Path.of("/s"),
                        Path.of("/r"),
                        StorageDriver.OVERLAY,
                        1L << 30,
                        65_536,
                        3,
                        Duration.ofSeconds(60),
                        null,
                        "fd00::1/64",
                        "p",
                        "g",
                        "m",
                        new Lsm(Lsm.Required.APPARMOR, Lsm.SelinuxType.CONTAINER_T),
                        Duration.ofSeconds(5),
                        true,
                        new PublishablePorts(3000, 3999, Set.of(3080, 3022))));
    }

    @ParameterizedTest
    @CsvSource({
        "BERTH_INSTANCE, Berth",
        "BERTH_INSTANCE, elevenchars",
        "BERTH_PUBLISHED_PORTS, 22-2200",
        "BERTH_PUBLISHED_PORTS, 3000-70000",
        "BERTH_PUBLISHED_PORTS, 3000-2000",
        "BERTH_PUBLISHED_PORTS, all",
        "BERTH_SSH_PORT, 70000",
        "BERTH_INSTANCE, ../x",
        "BERTH_STATE_DIR, relative",
        "BERTH_STATE_DIR, /a/../b",
        "BERTH_RUN_DIR, /a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
        "BERTH_STORAGE, zfs",
        "BERTH_REQUIRE_LSM, smack",
        "BERTH_SELINUX_TYPE, spc_t",
        "BERTH_POOL_BYTES, 1G",
        "BERTH_POOL_BYTES, 1000",
        "BERTH_UID_BASE, 100000",
        "BERTH_UID_BASE, 0",
        "BERTH_UID_RANGES, -1",
        "BERTH_UID_QUARANTINE, 1h",
        "BERTH_IPV4, 10.0.0.1",
        "BERTH_IPV6, 10.0.0.1/8",
        "BERTH_PLATFORM_USER, a:b",
        "BERTH_GATEWAY_USER, a b",
        "BERTH_MONITOR_USER, -x",
        "BERTH_PASSPORT_SECONDS, 0",
        "BERTH_ON_DRIFT, delete",
    })
    void aWrongValueNamesItsVariableAndTheCure(String variable, String value) {
        assertThatThrownBy(() -> AgentSettings.from(Map.of(variable, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(variable + "='" + value + "' is wrong; ");
    }

    @Test
    void twoPeersNeverShareAUid() {
        assertThatThrownBy(() -> new Peers(5, 5)).hasMessageContaining("three different uids");
        assertThatThrownBy(() -> new Peers(0, 5)).hasMessageContaining("three different uids");
    }
}
