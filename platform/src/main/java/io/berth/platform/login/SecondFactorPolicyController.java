// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether a tenant demands a code beside the key at each login over SSH, for itself and for the tenants below it. */
@Tag(name = "ssh-second-factor")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/ssh-second-factor")
class SecondFactorPolicyController {
    private final JdbcClient jdbc;
    private final TenantAccess access;

    SecondFactorPolicyController(JdbcClient jdbc, TenantAccess access) {
        this.jdbc = jdbc;
        this.access = access;
    }

    record Demand(
            @NotNull
            @Schema(description = "the code of an authenticator of whoever added the key, or asked for the certificate")
            Boolean required) {}

    @GetMapping
    Demand get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return find(access.require(caller, tenant, Permission.READ).id());
    }

    /** From the next login on; without the platform nobody gets in then, since nobody can look at a code. */
    @PutMapping
    Demand put(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @Valid @RequestBody Demand body) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        caller.requireFresh();
        jdbc.sql("""
                        insert into ssh_factor_policies (tenant_id, required, changed_by) values (:tenant, :required, :who)
                        on conflict (tenant_id) do update set required = excluded.required, changed_at = now(),
                            changed_by = excluded.changed_by
                        """)
                .param("tenant", found.id())
                .param("required", body.required())
                .param("who", caller.userId())
                .update();
        return find(found.id());
    }

    private Demand find(UUID tenant) {
        return new Demand(
                jdbc.sql("select exists (select from ssh_factor_policies where tenant_id = :tenant and required)")
                        .param("tenant", tenant)
                        .query(Boolean.class)
                        .single());
    }
}
