// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.PublishablePorts;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformSettingsTest {
    @Test
    void defaults() {
        PlatformSettings settings = PlatformSettings.from(Map.of());
        assertThat(settings)
                .isEqualTo(new PlatformSettings(
                        "berth",
                        Path.of("/var/lib/berth"),
                        Path.of("/run/berth"),
                        InetAddress.ofLiteral("127.0.0.1"),
                        8080,
                        List.of(),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        SecondFactorSetting.OPTIONAL,
                        new QuotaSettings(1000L, null, null, null, null, 1000L, 100L),
                        new RateSettings(6000L, 600L),
                        new WebhookSettings(Set.of(443), List.of()),
                        new PublishablePorts(20_000, 29_999, Set.of(8080, 2222, 5442)),
                        new DatabaseSettings(
                                "jdbc:postgresql://127.0.0.1:5442/berth",
                                "berth",
                                Path.of("/var/lib/berth/platform/database.password"),
                                null)));
        assertThat(settings.agentSocket()).isEqualTo(Path.of("/run/berth/agent.sock"));
        assertThat(settings.gatewayToken()).isEqualTo(Path.of("/var/lib/berth/platform/gateway.token"));
        assertThat(settings.adminPassword()).isEqualTo(Path.of("/var/lib/berth/platform/admin.password"));
    }

    @Test
    void eachVariableIsMapped() {
        PlatformSettings settings = PlatformSettings.from(Map.ofEntries(
                entry("BERTH_INSTANCE", "second"),
                entry("BERTH_STATE_DIR", "/srv/second"),
                entry("BERTH_RUN_DIR", "/run/second"),
                entry("BERTH_HTTP_ADDRESS", "::1"),
                entry("BERTH_HTTP_PORT", "9090"),
                entry("BERTH_HTTP_PROXIES", "192.0.2.7, fd00:1::/64"),
                entry("BERTH_UID_QUARANTINE", "60"),
                entry("BERTH_SSH_STANDBY", "600"),
                entry("BERTH_SECOND_FACTOR", "operators"),
                entry("BERTH_QUOTA_CONTAINERS", "1"),
                entry("BERTH_QUOTA_MILLI_CPUS", "2"),
                entry("BERTH_QUOTA_MEMORY_BYTES", "3"),
                entry("BERTH_QUOTA_DISK_BYTES", "4"),
                entry("BERTH_QUOTA_PIDS", "5"),
                entry("BERTH_QUOTA_SSH_KEYS", "unlimited"),
                entry("BERTH_QUOTA_PORTS", "6"),
                entry("BERTH_PUBLISHED_PORTS", "6000-9999"),
                entry("BERTH_RATE_LIMIT", "7"),
                entry("BERTH_RATE_LIMIT_ADDRESS", "unlimited"),
                entry("BERTH_WEBHOOK_PORTS", "443,8443"),
                entry("BERTH_WEBHOOK_NETWORKS", "10.1.0.0/16,fd00:1::/64"),
                entry("BERTH_DATABASE_PORT", "6543")));
        assertThat(settings)
                .isEqualTo(new PlatformSettings(
                        "second",
                        Path.of("/srv/second"),
                        Path.of("/run/second"),
                        InetAddress.ofLiteral("::1"),
                        9090,
                        List.of(Network.single("192.0.2.7"), Network.of("fd00:1::/64")),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        SecondFactorSetting.OPERATORS,
                        new QuotaSettings(1L, 2L, 3L, 4L, 5L, null, 6L),
                        new RateSettings(7L, null),
                        new WebhookSettings(
                                Set.of(443, 8443), List.of(Network.of("10.1.0.0/16"), Network.of("fd00:1::/64"))),
                        new PublishablePorts(6000, 9999, Set.of(9090, 2222, 6543)),
                        new DatabaseSettings(
                                "jdbc:postgresql://127.0.0.1:6543/berth",
                                "berth",
                                Path.of("/srv/second/platform/database.password"),
                                null)));
    }

    @Test
    void anEmptyVariableCountsAsUnset() {
        assertThat(PlatformSettings.from(Map.of("BERTH_HTTP_PORT", " ", "BERTH_DATABASE_URL", "")))
                .isEqualTo(PlatformSettings.from(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "BERTH_INSTANCE, UPPER",
        "BERTH_INSTANCE, elevenchars",
        "BERTH_STATE_DIR, relative/path",
        "BERTH_STATE_DIR, /var/../etc",
        "BERTH_RUN_DIR, run",
        "BERTH_HTTP_ADDRESS, example.org",
        "BERTH_HTTP_ADDRESS, 300.1.1.1",
        "BERTH_HTTP_PORT, 65536",
        "BERTH_UID_QUARANTINE, 1h",
        "BERTH_PUBLISHED_PORTS, 80-90",
        "BERTH_PUBLISHED_PORTS, 3000",
        "BERTH_QUOTA_CONTAINERS, -1",
        "BERTH_QUOTA_MEMORY_BYTES, 1GiB",
        "BERTH_QUOTA_PIDS, 9999999999999999",
        "BERTH_UID_QUARANTINE, 31622401",
        "BERTH_SSH_STANDBY, 14401",
        "BERTH_RATE_LIMIT, -1",
        "BERTH_RATE_LIMIT_ADDRESS, 0",
        "BERTH_WEBHOOK_PORTS, 70000",
        "BERTH_WEBHOOK_NETWORKS, 10.0.0.0",
        "BERTH_WEBHOOK_NETWORKS, 10.0.0.0/33",
        "BERTH_SECOND_FACTOR, everybody",
        "BERTH_HTTP_PORT, -1",
        "BERTH_HTTP_PROXIES, proxy.example",
        "BERTH_HTTP_PROXIES, 192.0.2.7/33",
        "BERTH_HTTP_PROXIES, 192.0.2.7;192.0.2.8",
        "BERTH_HTTP_PORT, http",
        "BERTH_DATABASE_PORT, many",
        "BERTH_DATABASE_URL, mysql://host/db",
        "BERTH_DATABASE_URL, postgresql://host",
    })
    void aWrongValueNamesTheVariableInOneLine(String variable, String value) {
        assertThatThrownBy(() -> PlatformSettings.from(Map.of(variable, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(variable)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aDatabaseUrlBearsItsPassword() {
        DatabaseSettings database = database("postgresql://me:p%40ss+word@db.example:5433/prod?sslmode=require");
        assertThat(database.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:5433/prod?sslmode=require");
        assertThat(database.user()).isEqualTo("me");
        assertThat(database.password()).isEqualTo("p@ss+word");
        assertThat(database.toString()).doesNotContain("p@ss").contains("postgresql://db.example:5433/prod");
    }

    @Test
    void aDatabaseUrlWithoutPasswordUsesTheFile(@TempDir Path state) throws Exception {
        Files.createDirectories(state.resolve("platform"));
        Files.writeString(state.resolve("platform/database.password"), "secret\n");
        DatabaseSettings database = PlatformSettings.from(Map.of(
                        "BERTH_STATE_DIR", state.toString(), "BERTH_DATABASE_URL", "postgresql://db.example/prod"))
                .database();
        assertThat(database.user()).isEqualTo("berth");
        assertThat(database.password()).isEqualTo("secret");
    }

    @Test
    void aJdbcUrlIsTakenAsItIs() {
        DatabaseSettings named = database("jdbc:postgresql://a,b/prod?user=me&password=x");
        assertThat(named.jdbcUrl()).isEqualTo("jdbc:postgresql://a,b/prod?user=me&password=x");
        assertThat(named.user()).isNull();
        assertThat(named.password()).isNull();
        assertThat(named.toString()).doesNotContain("password");
        assertThat(database("jdbc:postgresql://a/prod").user()).isEqualTo("berth");
        assertThat(database("jdbc:postgresql://a:5433,[::1]:5434,b/prod").ports())
                .containsExactlyInAnyOrder(5432, 5433, 5434);
        assertThat(database("jdbc:postgresql:prod").ports()).containsExactly(5432);
    }

    @Test
    void aMissingPasswordFileIsNamedWithTheCure(@TempDir Path state) {
        DatabaseSettings database = PlatformSettings.from(Map.of("BERTH_STATE_DIR", state.toString()))
                .database();
        assertThatThrownBy(database::password)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("database.password")
                .hasMessageContaining("./berth up");
    }

    private static DatabaseSettings database(String url) {
        return PlatformSettings.from(Map.of("BERTH_DATABASE_URL", url)).database();
    }
}
