// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.UsageStatus;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who uses how much, now. */
@Tag(name = "usage")
@RestController
@RequestMapping("/api/v1")
class UsageController {
    private final Containers containers;
    private final TenantAccess access;
    private final AgentCalls agent;
    private final Looks looks;

    UsageController(Containers containers, TenantAccess access, AgentCalls agent, Looks looks) {
        this.containers = containers;
        this.access = access;
        this.agent = agent;
        this.looks = looks;
    }

    /** What the largest consumers are looked for by. */
    enum Measure {
        /** Since each container's start; two answers show who is at it now. */
        CPU,
        MEMORY,
        PIDS,
        DISK;

        private long of(UsageStatus usage) {
            return switch (this) {
                case CPU -> usage.cpuMicros();
                case MEMORY -> usage.memoryBytes();
                case PIDS -> usage.pids();
                case DISK -> Objects.requireNonNullElse(usage.disk().bytes(), 0L);
            };
        }
    }

    /** The kernel is asked now; 409 when the container does not run. */
    @GetMapping("/tenants/{tenant}/containers/{container}/usage")
    Usage usage(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        looks.admit(caller, owner);
        return Usage.of(found, agent.ask(it -> it.usage(found.containerId())));
    }

    /** Of a stopped container, too. */
    @GetMapping("/tenants/{tenant}/containers/{container}/disk")
    Disk disk(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        looks.admit(caller, owner);
        return Disk.of(found, agent.ask(it -> it.disk(found.containerId())));
    }

    /** Of all running containers, for operators; the largest consumers first. */
    @GetMapping("/usage")
    Page<Usage> largest(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "MEMORY") Measure by,
            @RequestParam(defaultValue = "20") @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        List<Usage> largest = agent.ask(Agent::usages).stream()
                .sorted(Comparator.<UsageStatus>comparingLong(by::of).reversed())
                .limit(limit)
                .flatMap(status ->
                        containers.find(status.id().value()).stream().map(container -> Usage.of(container, status)))
                .toList();
        return new Page<>(largest, null);
    }
}
