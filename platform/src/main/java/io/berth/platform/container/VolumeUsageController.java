// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.VolumeStatus;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the files of a tenant's volumes take now: the node is asked once for all of them, so a list of many costs it no more than one. */
@Tag(name = "volumes")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/volume-usage")
class VolumeUsageController {
    private final AgentCalls agent;
    private final TenantAccess access;
    private final Looks looks;
    private final Volumes volumes;

    VolumeUsageController(AgentCalls agent, TenantAccess access, Looks looks, Volumes volumes) {
        this.volumes = volumes;
        this.agent = agent;
        this.access = access;
        this.looks = looks;
    }

    record VolumeUsage(
            UUID id,
            String name,

            @Schema(description = "null where the pool does not count") @Nullable
            Long bytes,

            @Schema(description = "files and directories; null where the pool counts only the bytes that they take")
            @Nullable
            Long inodes,

            @Schema(description = "whether the limit holds") boolean limited,

            long limitBytes) {
        static VolumeUsage of(VolumeStatus status) {
            return new VolumeUsage(
                    status.id().value(),
                    status.spec().name().value(),
                    status.disk().bytes(),
                    status.disk().inodes(),
                    status.disk().limited(),
                    status.spec().diskBytes());
        }
    }

    /** All at once; one that the node has still to make is not among them. */
    @GetMapping
    Page<VolumeUsage> usage(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        looks.admit(caller, found);
        Set<UUID> its = volumes.idsOf(found.id()); // by id: a deleted tenant's name may be another's by now
        List<VolumeUsage> usages = agent.ask(Agent::volumes).stream()
                .filter(status -> its.contains(status.id().value()))
                .map(VolumeUsage::of)
                .toList();
        return new Page<>(usages, null);
    }
}
