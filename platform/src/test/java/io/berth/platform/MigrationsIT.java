// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.SharedPlatform;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From every version that there was, with a tenant and its container in it, to the newest. */
@ExtendWith(SharedPlatform.class)
class MigrationsIT {
    /** As the first version has it; what came later has defaults. */
    private static final String CONTENT = """
            insert into tenants (id, name) values ('01a00000-0000-7000-8000-000000000001', 'acme');
            insert into nodes (id, name) values ('01a00000-0000-7000-8000-000000000002', 'elsewhere');
            insert into containers (id, tenant_id, node_id, node_number, name, image, memory_bytes, milli_cpus, pids,
                network, desired_state)
            select '01a00000-0000-7000-8000-000000000003', '01a00000-0000-7000-8000-000000000001', id, number, 'web',
                'sha256:' || repeat('ab', 32), 1073741824, 1000, 512, 'NAT', 'RUNNING'
            from nodes where name = 'elsewhere';
            """;

    private static final String COUNTED = """
            select containers_used || ' ' || memory_bytes_used || ' ' || pids_used from quotas
            where tenant_id = '01a00000-0000-7000-8000-000000000001'
            """;

    private static final String SHAPE = """
            select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
            from information_schema.columns where table_schema = 'public' and table_name <> 'flyway_schema_history'
            union all
            select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
            union all
            select event_object_table || ' ' || trigger_name || ' ' || event_manipulation from information_schema.triggers
            order by 1
            """;

    private final PostgresServer postgres;

    MigrationsIT(PostgresServer postgres) {
        this.postgres = postgres;
    }

    private Flyway flyway(String database, String target) {
        return Flyway.configure()
                .dataSource(postgres.jdbcUrl(database), "postgres", postgres.password())
                .locations("classpath:db/migrations")
                .target(target)
                .load();
    }

    private List<String> ask(String database, String query) throws SQLException {
        List<String> answers = new ArrayList<>();
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
        }
        return answers;
    }

    private void tell(String database, String commands) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(commands);
        }
    }

    @Test
    void everyVersionThatThereWasBecomesTheNewest() throws SQLException {
        String fresh = postgres.freshDatabase();
        flyway(fresh, "latest").migrate();
        List<String> shape = ask(fresh, SHAPE);
        List<String> versions = Arrays.stream(flyway(fresh, "latest").info().applied())
                .map(MigrationInfo::getVersion)
                .map(String::valueOf)
                .toList();
        assertThat(versions).hasSizeGreaterThanOrEqualTo(15);
        for (String version : versions.subList(0, versions.size() - 1)) {
            String old = postgres.freshDatabase();
            flyway(old, version).migrate();
            tell(old, CONTENT);
            flyway(old, "latest").migrate();
            assertThat(ask(old, SHAPE)).as("from %s", version).isEqualTo(shape);
            assertThat(ask(old, COUNTED)).as("from %s", version).containsExactly("1 1073741824 512");
            assertThat(ask(old, "select name from containers"))
                    .as("from %s", version)
                    .containsExactly("web");
        }
    }

    @Test
    void whoWasSuspendedBeforeThatHadAReasonStillIs() throws SQLException {
        String old = postgres.freshDatabase();
        flyway(old, "16").migrate();
        tell(old, CONTENT + "update tenants set state = 'SUSPENDED'");
        flyway(old, "latest").migrate();
        assertThat(ask(old, "select hold from held_tenants")).containsExactly("FREEZE");
    }
}
