// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Request;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a platform that was killed leaves behind, the next one finishes. */
@ExtendWith(SharedPlatform.class)
class ResumeIT {
    private final PostgresServer postgres;

    ResumeIT(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** Killed before the node was asked, and after it had made the container. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOperationLeftRunningIsTakenUpWhenItsLeaseIsOver(boolean nodeHadMadeIt, @TempDir Path state)
            throws Exception {
        String database = postgres.freshDatabase();
        RecordingAgent agent = new RecordingAgent();
        String operation;
        try (var first = new RunningPlatform(postgres, database, state, agent)) {
            var held = agent.hold(nodeHadMadeIt ? Request.Start.class : Request.Create.class);
            Api admin = first.admin();
            admin.post("/tenants", "{\"name\":\"acme\"}");
            operation = admin.post("/tenants/acme/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}")
                    .text("id");
            await().until(() ->
                    admin.get("/operations/" + operation(admin)).text("state").equals("RUNNING"));
            await().until(() -> agent.containers().size() == (nodeHadMadeIt ? 1 : 0));
            agent.setSilent(true); // what the dying platform still asks goes nowhere
            leaveRunning(database, operation);
            held.countDown();
        }
        leaveRunning(database, operation);
        agent.setSilent(false);
        try (var second = new RunningPlatform(postgres, database, state, agent)) {
            Api admin = second.admin();
            Api.Answer finished = admin.get("/operations/" + operation + "?wait=30s");
            assertThat(finished.text("state")).as(finished.toString()).isEqualTo("SUCCEEDED");
            assertThat(admin.get("/tenants/acme/containers/web").text("state")).isEqualTo("RUNNING");
            assertThat(agent.containers()).hasSize(1);
        }
    }

    private static String operation(Api admin) {
        return admin.get("/operations").json().path("items").get(0).path("id").asString();
    }

    /** As kill -9 leaves it, seen after the lease has run out; the number of attempts fences the one that was killed. */
    private void leaveRunning(String database, String operation) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var update = connection.prepareStatement("""
                        update operations set state = 'RUNNING', attempts = attempts + 1, not_before = now(),
                            lease_until = now() - interval '1 second', error = null, finished_at = null
                        where id = cast(? as uuid)""")) {
            update.setString(1, operation);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void keysAndAccountsSurviveARestart(@TempDir Path state) {
        String database = postgres.freshDatabase();
        RecordingAgent agent = new RecordingAgent();
        String token;
        try (var first = new RunningPlatform(postgres, database, state, agent)) {
            token = first.adminToken().headers().getOrDefault("Authorization", "");
        }
        try (var second = new RunningPlatform(postgres, database, state, agent)) {
            assertThat(second.anonymous()
                            .with("Authorization", token)
                            .get("/tenants")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theDatabaseItselfRefusesOverlappingUids(RunningPlatform platform) throws SQLException {
        String database = platform.bean(JdbcClient.class)
                .sql("select current_database()")
                .query(String.class)
                .single();
        platform.adminToken().post("/tenants", "{\"name\":\"overlap\"}");
        try (Connection connection = postgres.connect(database)) {
            connection.setAutoCommit(false);
            insert(connection, "one", 4_000_055_296L);
            insert(connection, "two", 4_000_055_296L + 65_536);
            assertThatThrownBy(() -> insert(connection, "three", 4_000_055_296L))
                    .hasMessageContaining("containers_uid");
            connection.rollback();
            insert(connection, "gone", 4_000_055_296L);
            delete(connection, "1 hour");
            assertThatThrownBy(() -> insert(connection, "early", 4_000_055_296L))
                    .hasMessageContaining("containers_uids_rest_between_two_owners");
            connection.rollback();
            insert(connection, "gone", 4_000_055_296L);
            delete(connection, "0 hours");
            insert(connection, "late", 4_000_055_296L);
            connection.rollback();
            assertThatThrownBy(() -> insert(connection, "odd", 4_000_055_297L)).hasMessageContaining("uid_base");
            connection.rollback();
        }
    }

    private static void delete(Connection connection, String quarantine) throws SQLException {
        try (var delete = connection.prepareStatement("""
                update containers set deleted_at = now(), uids_held = tstzrange(now(), now() + cast(? as interval))
                where name = 'gone'""")) {
            delete.setString(1, quarantine);
            assertThat(delete.executeUpdate()).isEqualTo(1);
        }
    }

    private static void insert(Connection connection, String name, long uidBase) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into containers (id, tenant_id, node_id, node_number, name, image, memory_bytes, milli_cpus, pids,
                    network, desired_state, uid_base, uids_held)
                select cast(? as uuid), t.id, n.id, n.number, ?, 'sha256:' || repeat('a', 64), 1, 1, 1, 'NAT', 'STOPPED', ?,
                    tstzrange(now(), null)
                from tenants t, nodes n where t.name = 'overlap'""")) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.setString(2, name);
            insert.setLong(3, uidBase);
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
    }
}
