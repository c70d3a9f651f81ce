// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a tenant demands of its members, over REST. */
@Tag(name = "members")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/sign-in-policy")
class SignInPolicyController {
    private static final SignInPolicy NEVER_SAID = new SignInPolicy(false, 0);

    private final JdbcClient jdbc;
    private final TenantAccess access;

    SignInPolicyController(JdbcClient jdbc, TenantAccess access) {
        this.jdbc = jdbc;
        this.access = access;
    }

    record Demands(@NotNull Boolean secondFactor) {}

    @GetMapping
    ResponseEntity<SignInPolicy> get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return answer(find(access.require(caller, tenant, Permission.READ).id()));
    }

    /** Who demands a second factor has shown one: nobody shuts themselves out by it. */
    @PutMapping
    ResponseEntity<SignInPolicy> put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @Valid @RequestBody Demands body) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        caller.requireFresh();
        if (body.secondFactor() && caller.isInPerson() && !caller.proof().secondFactor() && !caller.actsAsOperator()) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "you have shown no second factor yourself and would be shut out; add one to your account first");
        }
        SignInPolicy present = find(found.id());
        Trail.before(present);
        if ((ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(present.etag()))
                || !isWritten(caller, found.id(), body.secondFactor(), present.version())) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED,
                    "the sign-in policy of tenant '" + found.name() + "' has changed since; read it again");
        }
        SignInPolicy changed = find(found.id());
        Trail.after(changed);
        return answer(changed);
    }

    private boolean isWritten(Caller caller, UUID tenant, boolean secondFactor, long since) {
        return jdbc.sql("""
                        insert into sign_in_policies as p (tenant_id, second_factor, changed_by)
                        values (:tenant, :second, :who)
                        on conflict (tenant_id) do update set second_factor = excluded.second_factor,
                            version = p.version + 1, changed_at = now(), changed_by = excluded.changed_by
                        where p.version = :since
                        """)
                        .param("tenant", tenant)
                        .param("second", secondFactor)
                        .param("who", caller.userId())
                        .param("since", since)
                        .update()
                == 1;
    }

    private SignInPolicy find(UUID tenant) {
        return jdbc.sql("select second_factor, version from sign_in_policies where tenant_id = :tenant")
                .param("tenant", tenant)
                .query((row, number) -> new SignInPolicy(row.getBoolean(1), row.getLong(2)))
                .optional()
                .orElse(NEVER_SAID);
    }

    private static ResponseEntity<SignInPolicy> answer(SignInPolicy policy) {
        return ResponseEntity.ok().eTag(policy.etag()).body(policy);
    }
}
