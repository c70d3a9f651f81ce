// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's wishes for its sessions. */
@Tag(name = "ssh-sessions")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/ssh-policy")
class SshPolicyController {
    private static final int SHORTEST_IDLE = 60;
    private static final int LONGEST_IDLE = 30 * 24 * 3600;
    private static final int MOST_SESSIONS = 10_000;
    private static final int MOST_MOTD = 4096;

    private final JdbcClient jdbc;
    private final TenantAccess access;

    SshPolicyController(JdbcClient jdbc, TenantAccess access) {
        this.jdbc = jdbc;
        this.access = access;
    }

    /** Replaces the whole; what is left out is wished no longer. */
    record Wishes(
            @Nullable @Min(SHORTEST_IDLE) @Max(LONGEST_IDLE) Integer idleSeconds,
            @Nullable @Min(1) @Max(MOST_SESSIONS) Integer containerSessions,
            @Nullable @Min(1) @Max(MOST_SESSIONS) Integer tenantSessions,

            @Nullable @Size(min = 1, max = MOST_MOTD) @Pattern(regexp = "[^\\x00]*")
            String motd) {}

    @GetMapping
    SshPolicy get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return find(access.require(caller, tenant, Permission.READ));
    }

    @PutMapping
    SshPolicy put(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @Valid @RequestBody Wishes body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        jdbc.sql("""
                        insert into ssh_policies (tenant_id, idle_seconds, container_sessions, tenant_sessions, motd, changed_by)
                        values (:tenant, :idle, :container, :all, :motd, :who)
                        on conflict (tenant_id) do update set idle_seconds = excluded.idle_seconds,
                            container_sessions = excluded.container_sessions, tenant_sessions = excluded.tenant_sessions,
                            motd = excluded.motd, changed_at = now(), changed_by = excluded.changed_by
                        """)
                .param("tenant", found.id())
                .param("idle", body.idleSeconds())
                .param("container", body.containerSessions())
                .param("all", body.tenantSessions())
                .param("motd", body.motd())
                .param("who", caller.userId())
                .update();
        return find(found);
    }

    private SshPolicy find(Tenant tenant) {
        return jdbc.sql("select " + SshPolicy.SELECTED + " from tenants t " + SshPolicy.JOIN + " where t.id = :tenant")
                .param("tenant", tenant.id())
                .query((row, number) -> SshPolicy.read(row))
                .single();
    }
}
