// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The ranges of uids and gids of a node's containers, as its agent reports them. */
@Component
class IdRanges {
    private final AgentCalls agent;
    private final JdbcClient jdbc;
    private final LocalNode node;

    IdRanges(AgentCalls agent, JdbcClient jdbc, LocalNode node) {
        this.agent = agent;
        this.jdbc = jdbc;
        this.node = node;
    }

    /**
     * One range.
     *
     * @param container who has or last had it; null for an image's build, or nobody yet
     * @param name the container's name, null when the platform does not know it
     * @param tenant its tenant's
     */
    record IdRange(
            @Schema(description = "its first uid and gid") long start,
            int count,
            IdRangeStatus.State state,
            @Nullable UUID container,
            @Nullable String name,
            @Nullable String tenant,
            @Nullable Instant since,
            @Nullable Instant until,

            @Schema(description = "who else on the host has ids of it, each with the cure")
            List<String> conflicts) {
        IdRange {
            conflicts = List.copyOf(conflicts);
        }
    }

    private record Owner(UUID id, String name, String tenant) {}

    /** @return one more than the limit where there is more */
    List<IdRange> list(String nodeName, long after, int limit) {
        if (!nodeName.equals(node.name())) {
            throw ProblemException.notFound("node", nodeName);
        }
        List<IdRangeStatus> ranges = agent.ask(Agent::idRanges).stream()
                .filter(range -> range.start() > after)
                .limit(limit + 1L)
                .toList();
        Map<UUID, Owner> owners = owners(ranges);
        return ranges.stream().map(range -> range(range, owners)).toList();
    }

    private Map<UUID, Owner> owners(List<IdRangeStatus> ranges) {
        UUID[] ids = ranges.stream()
                .map(IdRangeStatus::container)
                .filter(Objects::nonNull)
                .map(ContainerId::value)
                .toArray(UUID[]::new);
        return jdbc
                .sql("select c.id, c.name, t.name as tenant from containers c join tenants t on t.id = c.tenant_id "
                        + "where c.id = any(:ids)")
                .param("ids", ids)
                .query((row, number) ->
                        new Owner(row.getObject("id", UUID.class), row.getString("name"), row.getString("tenant")))
                .list()
                .stream()
                .collect(Collectors.toMap(Owner::id, owner -> owner));
    }

    private static IdRange range(IdRangeStatus range, Map<UUID, Owner> owners) {
        ContainerId id = range.container();
        @Nullable Owner owner = id == null ? null : owners.get(id.value());
        return new IdRange(
                range.start(),
                range.count(),
                range.state(),
                id == null ? null : id.value(),
                owner == null ? null : owner.name(),
                owner == null ? null : owner.tenant(),
                range.since(),
                range.until(),
                range.conflicts());
    }
}
