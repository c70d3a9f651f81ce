// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.node.AgentCalls;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a container asked of the kernel and didn't get, and which rule said no. */
@Tag(name = "denials")
@RestController
class DenialController {
    private final Containers containers;
    private final TenantAccess access;
    private final AgentCalls agent;
    private final Looks looks;

    DenialController(Containers containers, TenantAccess access, AgentCalls agent, Looks looks) {
        this.containers = containers;
        this.access = access;
        this.agent = agent;
        this.looks = looks;
    }

    /** Counts by rule, the last different denials, and the exceptions that hold. */
    @GetMapping("/api/v1/tenants/{tenant}/containers/{container}/denials")
    Denials denials(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        Container looked = containers.get(found, container);
        looks.admit(caller, found);
        return Denials.of(agent.ask(it -> it.denials(looked.containerId())));
    }
}
