// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.spec.Limits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Compares what is counted with the rows, and the rows with what nodes say. */
@Component
class QuotaDrifts {
    /** What each tenant has by the rows, the tenants below included. */
    private static final String SUMS = """
            with own as (
                select t.id, t.parent_id, count(c.id) as containers, coalesce(sum(c.milli_cpus), 0) as milli_cpus,
                    coalesce(sum(c.memory_bytes), 0) as memory_bytes, coalesce(sum(c.pids), 0) as pids,
                    coalesce(sum(c.disk_bytes), 0)
                        + (select coalesce(sum(v.counted_bytes), 0) from volumes v where v.tenant_id = t.id) as disk_bytes,
                    (select count(*) from ssh_keys k where k.tenant_id = t.id) as ssh_keys,
                    (select count(*) from published_ports p where p.tenant_id = t.id) as ports,
                    (select count(*) from tenants b where b.parent_id = t.id) as tenants
                from tenants t left join containers c on c.tenant_id = t.id and c.deleted_at is null
                group by t.id)
            select t.name as tenant, q.*, sum(o.containers) as containers, sum(o.milli_cpus) as milli_cpus,
                sum(o.memory_bytes) as memory_bytes, sum(o.pids) as pids, sum(o.disk_bytes) as disk_bytes, sum(o.ssh_keys) as ssh_keys,
                sum(o.ports) as ports,
                sum(o.tenants) filter (where o.id = q.tenant_id) as tenants
            from quotas q join tenants t on t.id = q.tenant_id
                join own o on o.id = q.tenant_id or o.parent_id = q.tenant_id
            group by t.name, q.tenant_id
            """;

    private final JdbcClient jdbc;

    QuotaDrifts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One statement, so one moment: what others do meanwhile is in all of it or in nothing. */
    List<QuotaDrift> counts() {
        return jdbc.sql(SUMS).query(QuotaDrifts::differences).list().stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<QuotaDrift> differences(ResultSet row, int number) throws SQLException {
        List<QuotaDrift> found = new ArrayList<>();
        for (Resource resource : Resource.values()) {
            long counted = row.getLong(resource.column() + "_used");
            long there = row.getLong(resource.column());
            if (counted != there) {
                found.add(new QuotaDrift(
                        QuotaDrift.Kind.COUNT,
                        row.getString("tenant"),
                        resource,
                        null,
                        counted + " " + resource.words() + " are counted and " + there + " are there"));
            }
        }
        return found;
    }

    private record Reserved(UUID id, String tenant, Limits limits, boolean isMissing) {}

    /** @param present all that the node has */
    List<QuotaDrift> containers(UUID node, List<ContainerStatus> present) {
        var statuses = present.stream().collect(Collectors.toMap(it -> it.id().value(), it -> it));
        List<QuotaDrift> found = new ArrayList<>();
        for (Reserved reserved : settled(node)) {
            ContainerStatus status = statuses.get(reserved.id());
            if (status == null && reserved.isMissing()) {
                found.add(
                        drift(QuotaDrift.Kind.MISSING, reserved, "its node does not have it; delete it or restore it"));
            } else if (status != null && !status.spec().limits().equals(reserved.limits())) {
                found.add(drift(
                        QuotaDrift.Kind.LIMITS,
                        reserved,
                        "its node gives it " + status.spec().limits() + ", reserved are " + reserved.limits()));
            }
        }
        jdbc.sql("select id, tenant, name from stray_containers where node_id = :node order by id")
                .param("node", node)
                .query((row, number) -> new QuotaDrift(
                        QuotaDrift.Kind.UNKNOWN,
                        row.getString("tenant"),
                        null,
                        row.getString("id"),
                        "the node has a container '" + row.getString("name") + "' that nothing is reserved for"))
                .list()
                .forEach(found::add);
        return found;
    }

    private static QuotaDrift drift(QuotaDrift.Kind kind, Reserved reserved, String detail) {
        return new QuotaDrift(kind, reserved.tenant(), null, reserved.id().toString(), detail);
    }

    /** Those that nothing is under way with. */
    private List<Reserved> settled(UUID node) {
        return jdbc.sql("""
                        select c.id, t.name as tenant, c.memory_bytes, coalesce(c.throttled_milli_cpus, c.milli_cpus) as milli_cpus, c.pids, c.disk_bytes,
                            c.observed_state = 'MISSING' as missing
                        from containers c join tenants t on t.id = c.tenant_id
                        where c.node_id = :node and c.deleted_at is null and c.observed_state is not null
                          and not exists (select from operations o where o.target_type = 'CONTAINER'
                              and o.target_id = c.id::text and o.state in ('PENDING', 'RUNNING'))
                        order by c.id
                        """)
                .param("node", node)
                .query((row, number) -> new Reserved(
                        row.getObject("id", UUID.class),
                        row.getString("tenant"),
                        new Limits(
                                row.getLong("memory_bytes"),
                                row.getInt("milli_cpus"),
                                row.getInt("pids"),
                                row.getLong("disk_bytes")),
                        row.getBoolean("missing")))
                .list();
    }
}
