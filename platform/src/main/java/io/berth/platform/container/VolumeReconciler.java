// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.LocalNode;
import io.berth.platform.node.NodeListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings the table of volumes into line with what the node has, whenever the node comes back: an answer that got lost may have left either
 * ahead of the other. What is under way is left to those who do it.
 */
@Component
class VolumeReconciler implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeReconciler.class);

    private static final String UNFINISHED = """
            exists (select from operations o where o.target_type = 'VOLUME' and o.target_id = v.id::text
                and o.state in ('PENDING', 'RUNNING'))
            """;

    private final Agent agent;
    private final JdbcClient jdbc;
    private final LocalNode node;

    VolumeReconciler(Agent agent, JdbcClient jdbc, LocalNode node) {
        this.agent = agent;
        this.jdbc = jdbc;
        this.node = node;
    }

    /** A volume before the node was asked: who has changed it since knows better. */
    private record Settled(UUID id, long generation) {}

    @Override
    public void synchronised(Set<ContainerId> present) {
        List<Settled> settled = settled();
        List<VolumeStatus> there;
        try {
            there = agent.volumes();
        } catch (AgentException e) {
            LOG.warn("event=volumes-not-compared error=\"{}\", ignoring until the node comes again", e.getMessage());
            return;
        }
        Map<UUID, VolumeStatus> statuses =
                there.stream().collect(Collectors.toMap(it -> it.id().value(), Function.identity()));
        settled.forEach(volume -> compare(volume, statuses));
        tellStrays(there);
    }

    private List<Settled> settled() {
        return jdbc.sql(
                        "select v.id, v.generation from volumes v where v.node_id = :node and v.state = 'READY' and not "
                                + UNFINISHED)
                .param("node", node.id())
                .query((row, number) -> new Settled(row.getObject("id", UUID.class), row.getLong("generation")))
                .list();
    }

    private void compare(Settled volume, Map<UUID, VolumeStatus> statuses) {
        VolumeStatus status = statuses.get(volume.id());
        if (status == null) {
            miss(volume);
        } else {
            size(volume, status.spec().diskBytes());
        }
    }

    private void miss(Settled volume) {
        jdbc.sql("""
                        update volumes v set last_error = 'its node does not have it; delete it, or have the node''s pool restored'
                        where v.id = :id and v.generation = :generation and v.last_error is null and not\s""" + UNFINISHED)
                .param("id", volume.id())
                .param("generation", volume.generation())
                .update();
    }

    private void size(Settled volume, long diskBytes) {
        jdbc.sql("""
                        update volumes v set disk_bytes = :bytes, held_bytes = :bytes, generation = v.generation + 1
                        where v.id = :id and v.generation = :generation
                          and (v.disk_bytes, v.held_bytes) is distinct from (:bytes, :bytes) and not\s""" + UNFINISHED)
                .param("id", volume.id())
                .param("generation", volume.generation())
                .param("bytes", diskBytes)
                .update();
    }

    /** Such as the node's root has made, or a database that was restored knows no more. */
    private void tellStrays(List<VolumeStatus> there) {
        Set<UUID> known = Set.copyOf(jdbc.sql("select id from volumes where node_id = :node")
                .param("node", node.id())
                .query(UUID.class)
                .list());
        there.stream()
                .filter(it -> !known.contains(it.id().value()))
                .forEach(it -> LOG.warn(
                        "event=volume-nobody-owns volume={} tenant={} name={}, leaving it alone",
                        it.id(),
                        it.spec().tenant(),
                        it.spec().name()));
    }
}
