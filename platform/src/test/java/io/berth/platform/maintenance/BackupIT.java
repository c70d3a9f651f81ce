// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.platform.settings.DatabaseSettings;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A platform's whole database to a file and back, by an account that owns its database and is no superuser. */
@ExtendWith(SharedPlatform.class)
class BackupIT {
    private final PostgresServer postgres;
    private final String source;

    BackupIT(PostgresServer postgres) throws SQLException {
        this.postgres = postgres;
        this.source = ownedDatabase();
    }

    private String ownedDatabase() throws SQLException {
        String name = postgres.freshDatabase();
        try (Connection connection = postgres.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("create role o" + name + " login password 'a password of the tests'");
            statement.execute("alter database " + name + " owner to o" + name);
        }
        return name;
    }

    private String url(String database) {
        return postgres.url(database).replaceFirst("//[^@]*@", "//o" + database + ":a%20password%20of%20the%20tests@");
    }

    private DatabaseSettings settings(String database) {
        return PlatformSettings.from(Map.of("BERTH_DATABASE_URL", url(database)))
                .database();
    }

    private RunningPlatform platform(String database, Path state) {
        return new RunningPlatform(
                postgres, database, state, new RecordingAgent(), Map.of("BERTH_DATABASE_URL", url(database)));
    }

    private byte[] backup(String database) throws SQLException, IOException {
        var out = new ByteArrayOutputStream();
        try (Connection connection = MaintenanceCommand.connect(settings(database))) {
            new Backup(connection).write(out);
        }
        return out.toByteArray();
    }

    private String restore(String database, byte[] backup) throws SQLException, IOException {
        try (Connection connection = MaintenanceCommand.connect(settings(database))) {
            return new Restore(connection, settings(database)).read(new ByteArrayInputStream(backup));
        }
    }

    /** By the program that ./berth restore runs; all that it prints. */
    private List<String> restoredByCommand(String database, byte[] backup) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MaintenanceCommand.class.getName(),
                        "restore")
                .redirectErrorStream(true);
        command.environment().put("BERTH_DATABASE_URL", url(database));
        Process process = command.start();
        try (var in = process.getOutputStream()) {
            in.write(backup);
        }
        try (var lines = process.inputReader()) {
            return lines.lines().toList();
        }
    }

    private static BackupEnd end(byte[] backup) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(backup))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(BackupEnd.NAME)) {
                    return Backup.JSON.readValue(zip.readAllBytes(), BackupEnd.class);
                }
            }
        }
        throw new AssertionError("no end");
    }

    private AuditVerification verify(String database) throws SQLException {
        try (Connection connection = MaintenanceCommand.connect(settings(database))) {
            return AuditVerification.of(connection);
        }
    }

    private static void fill(RunningPlatform platform) {
        Api admin = platform.adminToken();
        admin.post("/tenants", "{\"name\":\"acme\"}");
        admin.finished(admin.post("/tenants/acme/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
        admin.post("/price-books", "{\"name\":\"book\",\"currency\":\"EUR\"}");
        admin.post(
                "/price-books/book/versions", "{\"prices\":[{\"meter\":\"SENT\",\"tiers\":[{\"unitPrice\":\"1\"}]}]}");
        admin.post("/plans", "{\"name\":\"small\",\"book\":\"book\",\"version\":1,\"flatMonthly\":700}");
        admin.put("/tenants/acme/plan", "{\"plan\":\"small\",\"from\":\"2026-01-01\"}");
        String invoice = admin.post("/tenants/acme/invoices", "{\"month\":\"2026-09\"}")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
        assertThat(admin.post("/tenants/acme/invoices/" + invoice + "/close", null)
                        .status())
                .isEqualTo(200);
        platform.bean(JdbcClient.class).sql("""
                        create table usage_days_202501 partition of usage_days
                            for values from ('2025-01-01T00:00:00Z') to ('2025-02-01T00:00:00Z')
                        """).update();
    }

    private static void awaitChained(RunningPlatform platform) {
        await().until(() -> platform.bean(JdbcClient.class)
                .sql("select count(*) = 0 from audit_unchained")
                .query(Boolean.class)
                .single());
    }

    /** A whole zip file, in which a tenant has another name. */
    private static byte[] altered(byte[] backup) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(backup));
                var copy = new ZipOutputStream(out)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                copy.putNextEntry(new ZipEntry(entry.getName()));
                String content = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                copy.write((entry.getName().equals("tables/tenants") ? content.replace("acme", "acne") : content)
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    @Test
    void whatWasBackedUpIsThereAgainAndGoesOn(@TempDir Path state) throws SQLException, IOException {
        byte[] whileItRuns;
        try (RunningPlatform platform = platform(source, state)) {
            fill(platform);
            awaitChained(platform);
            whileItRuns = backup(source);
            assertThatThrownBy(() -> restore(source, whileItRuns))
                    .isInstanceOf(MaintenanceException.class)
                    .hasMessageContaining("stop it first");
        }
        assertThat(end(whileItRuns).tables())
                .anyMatch(it -> it.name().equals("invoices") && it.rows() == 1)
                .anyMatch(it -> it.name().equals("usage_days_202501"));
        byte[] backup = backup(source);
        AuditVerification before = verify(source);
        assertThat(before.isWhole()).as(before.words()).isTrue();
        assertThat(before.last().number()).isGreaterThan(3);

        String target = ownedDatabase();
        assertThat(restoredByCommand(target, backup)).singleElement().asString().contains("restored", "replaced_");
        assertThat(end(backup(target))).isEqualTo(end(backup));
        assertThat(verify(target)).isEqualTo(before);
        for (byte[] bad : List.of(Arrays.copyOf(backup, backup.length * 2 / 3), altered(backup), new byte[0])) {
            assertThatThrownBy(() -> restore(target, bad))
                    .isInstanceOfAny(MaintenanceException.class, IOException.class);
            assertThat(end(backup(target))).as("nothing has changed").isEqualTo(end(backup));
        }
        try (RunningPlatform platform = platform(target, state)) {
            Api admin = platform.adminToken();
            assertThat(admin.get("/tenants/acme/containers/web").status()).isEqualTo(200);
            assertThat(admin.get("/tenants/acme/quota").response().body()).contains("\"used\":1");
            assertThat(admin.get("/invoices?month=2026-09").response().body()).contains("INV-000001", "FINAL");
            assertThat(admin.get("/audit/verification")
                            .json()
                            .path("firstBroken")
                            .isNull())
                    .isTrue();
            admin.finished(admin.post("/tenants/acme/containers", "{\"name\":\"next\",\"image\":\"debian/bookworm\"}"));
            assertThatThrownBy(() -> platform.bean(JdbcClient.class)
                            .sql("update invoices set net = 0, total = tax")
                            .update())
                    .as("guards are in force again")
                    .hasMessageContaining("final");
        }
        whoHasBeenAtTheTrailIsFound(target);
    }

    private void whoHasBeenAtTheTrailIsFound(String database) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("alter table audit_entries disable trigger user");
            statement.execute("update audit_entries set content = content || ' '"
                    + " where id = (select entry_id from audit_chain where number = 3)");
        }
        AuditVerification found = verify(database);
        assertThat(found.isWhole()).isFalse();
        assertThat(found.last().number()).isEqualTo(2);
        assertThat(found.words()).contains("BROKEN: link 3 ");
    }
}
