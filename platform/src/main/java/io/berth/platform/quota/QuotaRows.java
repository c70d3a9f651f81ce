// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.settings.QuotaSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of quotas. */
@Component
class QuotaRows {
    private static final String SELECT = """
            select q.*, t.name as tenant, p.name as parent
            from quotas q join tenants t on t.id = q.tenant_id left join tenants p on p.id = t.parent_id
            """;
    private static final String SET = Arrays.stream(Resource.values())
            .map(it -> "NAME_hard = :NAME_hard, NAME_soft = :NAME_soft".replace("NAME", it.column()))
            .collect(Collectors.joining(", "));

    private final JdbcClient jdbc;
    private final QuotaSettings defaults;

    QuotaRows(JdbcClient jdbc, PlatformSettings settings) {
        this.jdbc = jdbc;
        this.defaults = settings.quota();
    }

    QuotaReport get(UUID tenant) {
        return jdbc.sql(SELECT + "where q.tenant_id = :tenant")
                .param("tenant", tenant)
                .query(this::report)
                .single();
    }

    /** The tenant's and that of the tenant above, where there is one. */
    List<QuotaReport> upwards(UUID tenant) {
        return jdbc.sql(SELECT + """
                        where q.tenant_id = :tenant or q.tenant_id = (select parent_id from tenants where id = :tenant)
                        order by q.tenant_id = :tenant desc
                        """)
                .param("tenant", tenant)
                .query(this::report)
                .list();
    }

    /** False when the version is another one by now. */
    boolean limit(QuotaReport present, QuotaLimits hard, QuotaLimits soft) {
        var statement = jdbc.sql("update quotas set version = version + 1, " + SET
                        + " where tenant_id = :tenant and version = :version")
                .param("tenant", present.tenantId())
                .param("version", present.version());
        for (Resource resource : Resource.values()) {
            statement = statement
                    .param(resource.column() + "_hard", hard.of(resource))
                    .param(resource.column() + "_soft", soft.of(resource));
        }
        return statement.update() == 1;
    }

    private QuotaReport report(ResultSet row, int number) throws SQLException {
        List<QuotaLine> lines = new ArrayList<>();
        for (Resource resource : Resource.values()) {
            lines.add(line(row, resource));
        }
        return new QuotaReport(
                row.getObject("tenant_id", UUID.class),
                row.getString("tenant"),
                row.getString("parent"),
                row.getLong("version"),
                lines);
    }

    private QuotaLine line(ResultSet row, Resource resource) throws SQLException {
        Long hard = row.getObject(resource.column() + "_hard", Long.class);
        return QuotaLine.of(
                resource,
                row.getLong(resource.column() + "_used"),
                hard == null ? fallback(resource) : hard,
                row.getObject(resource.column() + "_soft", Long.class),
                hard == null);
    }

    private @Nullable Long fallback(Resource resource) {
        return switch (resource) {
            case CONTAINERS -> defaults.containers();
            case MILLI_CPUS -> defaults.milliCpus();
            case MEMORY_BYTES -> defaults.memoryBytes();
            case DISK_BYTES -> defaults.diskBytes();
            case PIDS -> defaults.pids();
            case SSH_KEYS -> defaults.sshKeys();
            case PORTS -> defaults.ports();
            case TENANTS -> 0L; // names are everybody's: who may make tenants is an operator's to say
        };
    }
}
