// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.Request;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a virtual patch does for each container, as the node says it, with the containers' names. */
@Component
class PatchCoverages {
    private final JdbcClient jdbc;
    private final AgentCalls agent;

    PatchCoverages(JdbcClient jdbc, AgentCalls agent) {
        this.jdbc = jdbc;
        this.agent = agent;
    }

    /**
     * One container.
     *
     * @param name null when the platform does not know it, as its tenant
     */
    record Covered(
            UUID container,
            @Nullable String name,
            @Nullable String tenant,

            @Schema(description = "since when logins go without the call")
            Instant logins,

            @Schema(description = "since when init and what it started do; null when not before the next start")
            @Nullable
            Instant init) {}

    private record Owner(UUID id, String name, String tenant) {}

    /** @return one more than the limit where there is more */
    List<Covered> of(VirtualPatch patch, @Nullable UUID after, int limit) {
        if (patch.nodes().getFirst().appliedAt() == null) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "no node has been told of '" + patch.call() + "' yet; see its nodes");
        }
        List<PatchCoverage> page = agent.ask(it -> it.coverage(new Request.ShowPatch(patch.call()))).stream()
                .sorted(Comparator.comparing(covered -> covered.container().toString()))
                .filter(covered ->
                        after == null || covered.container().toString().compareTo(after.toString()) > 0)
                .limit(limit + 1L)
                .toList();
        Map<UUID, Owner> owners = owners(page);
        return page.stream().map(covered -> covered(covered, owners)).toList();
    }

    private static Covered covered(PatchCoverage covered, Map<UUID, Owner> owners) {
        UUID id = covered.container().value();
        @Nullable Owner owner = owners.get(id);
        return new Covered(
                id,
                owner == null ? null : owner.name(),
                owner == null ? null : owner.tenant(),
                covered.logins(),
                covered.init());
    }

    private Map<UUID, Owner> owners(List<PatchCoverage> page) {
        UUID[] ids = page.stream().map(covered -> covered.container().value()).toArray(UUID[]::new);
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
}
