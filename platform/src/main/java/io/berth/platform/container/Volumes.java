// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.VolumeSpec;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.quota.Growth;
import io.berth.platform.quota.Quota;
import io.berth.platform.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of volumes. A row comes in the transaction that accepts one, so that it counts from then on, and goes when the node's is gone. */
@Component
class Volumes {
    /** A node lists them all at once; the disk that each takes bounds them otherwise. */
    private static final int MOST = 500;

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final String SELECT = """
            select v.*, t.name as tenant, n.name as node, array(
                select %s from volume_mounts m join containers c on c.id = m.container_id
                where m.volume_id = v.id order by c.name) as attached
            from volumes v join tenants t on t.id = v.tenant_id join nodes n on n.id = v.node_id
            """.formatted(AttachedVolume.TEXT.formatted("c"));

    private final JdbcClient jdbc;
    private final LocalNode node;
    private final Quota quota;

    Volumes(JdbcClient jdbc, LocalNode node, Quota quota) {
        this.jdbc = jdbc;
        this.node = node;
        this.quota = quota;
    }

    /** @throws ProblemException when the name is taken or the tenant may not have so much */
    Volume insert(Tenant tenant, VolumeSpec spec) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        try {
            jdbc.sql("""
                            insert into volumes (id, tenant_id, node_id, name, disk_bytes, held_bytes)
                            values (:id, :tenant, :node, :name, :bytes, :bytes)
                            """)
                    .param("id", id)
                    .param("tenant", tenant.id())
                    .param("node", node.id())
                    .param("name", spec.name().value())
                    .param("bytes", spec.diskBytes())
                    .update();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("volume", spec.name().value());
        }
        quota.admit(tenant.id(), Growth.volume(spec.diskBytes()));
        requireFew(tenant); // the quota's rows are held by now: nobody else's insert of this tenant's is under way
        return find(id).orElseThrow();
    }

    private void requireFew(Tenant tenant) {
        long present = jdbc.sql("select count(*) from volumes where tenant_id = :tenant")
                .param("tenant", tenant.id())
                .query(Long.class)
                .single();
        if (present > MOST) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "tenant '" + tenant.name() + "' has " + MOST
                            + " volumes, and no more can be had; delete some first");
        }
    }

    Optional<UUID> tenantOf(UUID id) {
        return jdbc.sql("select tenant_id from volumes where id = :id")
                .param("id", id)
                .query(UUID.class)
                .optional();
    }

    Set<UUID> idsOf(UUID tenant) {
        return Set.copyOf(jdbc.sql("select id from volumes where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(UUID.class)
                .list());
    }

    Optional<Volume> find(UUID id) {
        return jdbc.sql(SELECT + "where v.id = :id")
                .param("id", id)
                .query(Volumes::volume)
                .optional();
    }

    List<Volume> all(Collection<UUID> ids) {
        return jdbc.sql(SELECT + "where v.id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(Volumes::volume)
                .list();
    }

    /** @param idOrName what stands in the path */
    Volume get(Tenant tenant, String idOrName) {
        return get(tenant, idOrName, "");
    }

    /** The same, and nobody else changes it until the transaction ends. */
    Volume lock(Tenant tenant, String idOrName) {
        return get(tenant, idOrName, " for update of v");
    }

    private Volume get(Tenant tenant, String idOrName, String lock) {
        boolean isId = UUID_FORM.matcher(idOrName).matches();
        return jdbc.sql(SELECT + "where v.tenant_id = :tenant and "
                        + (isId ? "v.id = cast(:it as uuid)" : "v.name = :it") + lock)
                .param("tenant", tenant.id())
                .param("it", idOrName)
                .query(Volumes::volume)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("volume", idOrName));
    }

    List<Volume> list(Tenant tenant, String after, int limit) {
        return jdbc.sql(SELECT + "where v.tenant_id = :tenant and v.name > :after order by v.name limit :limit")
                .param("tenant", tenant.id())
                .param("after", after)
                .param("limit", limit + 1)
                .query(Volumes::volume)
                .list();
    }

    /** Whether it is the tenant's, on this node, and stays. */
    boolean isReady(UUID tenant, UUID id) {
        return jdbc.sql("""
                        select count(*) from volumes
                        where id = :id and tenant_id = :tenant and node_id = :node and state = 'READY'
                        """)
                        .param("id", id)
                        .param("tenant", tenant)
                        .param("node", node.id())
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** @throws ProblemException when the tenant may not have so much */
    void resize(Tenant tenant, Volume volume, long diskBytes) {
        long more = jdbc.sql("""
                        update volumes v set disk_bytes = :bytes, generation = v.generation + 1
                        from volumes before where v.id = :id and before.id = v.id
                        returning v.counted_bytes - before.counted_bytes
                        """)
                .param("bytes", diskBytes)
                .param("id", volume.id())
                .query(Long.class)
                .single();
        if (more > 0) {
            quota.admit(tenant.id(), Growth.volume(more));
        }
    }

    /** The node lets it take so much now: what it had beyond that counts no more. */
    void hold(UUID id, long diskBytes) {
        jdbc.sql("update volumes set held_bytes = :bytes where id = :id")
                .param("bytes", diskBytes)
                .param("id", id)
                .update();
    }

    /** What was asked for did not come about, and nobody has asked for anything else since. */
    void takeBackSize(UUID id, long asked) {
        jdbc.sql("""
                        update volumes set disk_bytes = held_bytes, generation = generation + 1
                        where id = :id and disk_bytes = :asked and held_bytes <> :asked
                        """).param("asked", asked).param("id", id).update();
    }

    void setState(UUID id, Volume.State state) {
        jdbc.sql("""
                        update volumes set state = :state, generation = generation + 1
                        where id = :id and state <> :state
                        """).param("state", state.name()).param("id", id).update();
    }

    /** @param error null for none */
    void setLastError(UUID id, @Nullable String error) {
        jdbc.sql("update volumes set last_error = :error where id = :id and last_error is distinct from :error")
                .param("error", error)
                .param("id", id)
                .update();
    }

    void remove(UUID id) {
        jdbc.sql("delete from volumes where id = :id").param("id", id).update();
    }

    private static Volume volume(ResultSet row, int number) throws SQLException {
        return new Volume(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("tenant"),
                row.getString("node"),
                row.getLong("disk_bytes"),
                Volume.State.valueOf(row.getString("state")),
                row.getLong("generation"),
                AttachedVolume.all(row.getArray("attached")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("last_error"));
    }
}
