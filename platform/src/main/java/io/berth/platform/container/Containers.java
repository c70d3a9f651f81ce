// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Limits;
import io.berth.platform.node.LocalNode;
import io.berth.platform.paging.Orders;
import io.berth.platform.paging.Place;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.quota.Growth;
import io.berth.platform.quota.Quota;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.tenant.Tenant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of containers as tenants see it. */
@Component
class Containers {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final JdbcClient jdbc;
    private final LocalNode node;
    private final Quota quota;
    private final Duration quarantine;

    Containers(JdbcClient jdbc, LocalNode node, Quota quota, PlatformSettings settings) {
        this.quota = quota;
        this.jdbc = jdbc;
        this.node = node;
        this.quarantine = settings.uidQuarantine();
    }

    /**
     * @param imageAlias the image's name as it was asked for
     * @throws ProblemException when the name is taken or the tenant may not have so much
     */
    void insert(UUID id, Tenant tenant, AdmittedSpec admitted, String imageAlias, DesiredState desired) {
        ContainerSpec spec = admitted.spec();
        try {
            jdbc.sql("""
                            insert into containers (id, tenant_id, node_id, node_number, name, image, image_alias,
                                memory_bytes, milli_cpus, pids, disk_bytes, network, desired_state)
                            values (:id, :tenant, :node, :number, :name, :image, :alias, :memory, :cpus, :pids, :disk, :network,
                                :desired)
                            """)
                    .param("id", id)
                    .param("tenant", tenant.id())
                    .param("node", node.id())
                    .param("number", node.number())
                    .param("name", spec.name().value())
                    .param("image", spec.image().value())
                    .param("alias", imageAlias)
                    .param("memory", spec.limits().memoryBytes())
                    .param("cpus", spec.limits().milliCpus())
                    .param("pids", spec.limits().pids())
                    .param("disk", spec.limits().diskBytes())
                    .param("network", spec.network().name())
                    .param("desired", desired.name())
                    .update();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("container", spec.name().value());
        }
        quota.admit(tenant.id(), Growth.container(spec.limits()));
    }

    /** One that is not deleted. */
    Optional<Container> find(UUID id) {
        return jdbc.sql(ContainerRows.SELECT + "where c.id = :id and c.deleted_at is null")
                .param("id", id)
                .query(ContainerRows::container)
                .optional();
    }

    /** Deleted ones, too. */
    List<Container> all(Collection<UUID> ids) {
        return jdbc.sql(ContainerRows.SELECT + "where c.id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(ContainerRows::container)
                .list();
    }

    /** @param idOrName what stands in the path */
    Container get(Tenant tenant, String idOrName) {
        return find(tenant, idOrName, "").orElseThrow(() -> ProblemException.notFound("container", idOrName));
    }

    /** The same, and nobody else changes it until the transaction ends. */
    Container lock(Tenant tenant, String idOrName) {
        return find(tenant, idOrName, " for update of c")
                .orElseThrow(() -> ProblemException.notFound("container", idOrName));
    }

    private Optional<Container> find(Tenant tenant, String idOrName, String lock) {
        boolean isId = UUID_FORM.matcher(idOrName).matches();
        return jdbc.sql(ContainerRows.SELECT + "where c.tenant_id = :tenant and c.deleted_at is null and "
                        + (isId ? "c.id = cast(:it as uuid)" : "c.name = :it") + lock)
                .param("tenant", tenant.id())
                .param("it", idOrName)
                .query(ContainerRows::container)
                .optional();
    }

    /** Each has an index: V27. */
    static final Orders<Container> ORDERS = new Orders<>(
            "name",
            "c.id",
            Container::id,
            List.of(
                    new Orders.Order<>("name", "c.name", Orders.Kind.TEXT, Container::name),
                    new Orders.Order<>("createdAt", "c.created_at", Orders.Kind.TIME, Container::createdAt),
                    new Orders.Order<>(
                            "memoryBytes",
                            "c.memory_bytes",
                            Orders.Kind.NUMBER,
                            it -> it.limits().memoryBytes()),
                    new Orders.Order<>(
                            "diskBytes",
                            "c.disk_bytes",
                            Orders.Kind.NUMBER,
                            it -> it.limits().diskBytes())));

    /** Which somebody wants to see; null for any. */
    record Filter(
            @Nullable ObservedState state,
            @Nullable DesiredState desired,
            @Nullable String image) {}

    List<Container> list(Tenant tenant, Filter filter, Place<Container> place, int limit) {
        ObservedState state = filter.state();
        DesiredState desired = filter.desired();
        String image = filter.image();
        var sql = new StringBuilder(ContainerRows.SELECT + "where c.tenant_id = :tenant and c.deleted_at is null");
        // Only what is asked for: with "or :state is null" the planner could not tell that an order's index does
        sql.append(state == null ? "" : " and c.observed_state = :state");
        sql.append(desired == null ? "" : " and c.desired_state = :desired");
        sql.append(image == null ? "" : " and :image in (c.image_alias, c.image)");
        return place.bind(jdbc.sql(sql + place.sql()), limit)
                .param("tenant", tenant.id())
                .param("state", state == null ? null : state.name())
                .param("desired", desired == null ? null : desired.name())
                .param("image", image)
                .query(ContainerRows::container)
                .list();
    }

    void desire(Container container, DesiredState desired) {
        jdbc.sql("""
                        update containers set desired_state = :desired, generation = generation + 1
                        where id = :id and desired_state <> :desired
                        """)
                .param("desired", desired.name())
                .param("id", container.id())
                .update();
    }

    /** @throws ProblemException when the tenant may not have so much */
    void desire(Tenant tenant, Container container, AdmittedSpec admitted) {
        Limits limits = admitted.spec().limits();
        jdbc.sql("""
                        update containers set memory_bytes = :memory, milli_cpus = :cpus, pids = :pids,
                            disk_bytes = :disk, generation = generation + 1,
                            throttled_milli_cpus = case when throttled_milli_cpus is not null then :throttled end
                        where id = :id
                        """)
                .param("throttled", Throttles.throttled(limits.milliCpus()))
                .param("memory", limits.memoryBytes())
                .param("cpus", limits.milliCpus())
                .param("pids", limits.pids())
                .param("disk", limits.diskBytes())
                .param("id", container.id())
                .update();
        quota.admit(tenant.id(), Growth.resize(container.limits(), limits));
    }

    /** Whether no other container of its tenant has that name. */
    boolean isFree(UUID id, ContainerName name) {
        return jdbc.sql("""
                        select count(*) from containers o join containers c on c.tenant_id = o.tenant_id
                        where c.id = :id and o.id <> :id and o.name = :name and o.deleted_at is null
                        """)
                        .param("id", id)
                        .param("name", name.value())
                        .query(Long.class)
                        .single()
                == 0;
    }

    void rename(Container container, ContainerName name) {
        try {
            jdbc.sql("update containers set name = :name, generation = generation + 1 where id = :id and name <> :name")
                    .param("name", name.value())
                    .param("id", container.id())
                    .update();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("container", name.value());
        }
    }

    /**
     * Its uids' quarantine begins no later than the node's own, which begins when it is gone: so the node never hands a range out
     * that is still in quarantine here.
     */
    void endHoldingUids(UUID id) {
        jdbc.sql("""
                        update containers set uids_held = tstzrange(
                            lower(uids_held), greatest(lower(uids_held), now() + make_interval(secs => :quarantine)))
                        where id = :id and upper_inf(uids_held)
                        """)
                .param("quarantine", quarantine.toSeconds())
                .param("id", id)
                .update();
    }

    /** It is gone; the row stays as a record, its name is free. */
    void markDeleted(UUID id) {
        jdbc.sql("""
                        update containers set deleted_at = now(), desired_state = 'DELETED', last_error = null
                        where id = :id and deleted_at is null
                        """).param("id", id).update();
    }

    /** @param error null for none */
    void setLastError(UUID id, @Nullable String error) {
        jdbc.sql("update containers set last_error = :error where id = :id and last_error is distinct from :error")
                .param("error", error)
                .param("id", id)
                .update();
    }
}
