// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's quota over REST: its members look, operators and the owners of the tenant above change it. */
@Tag(name = "quota")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/quota")
class QuotaController {
    private final QuotaRows rows;
    private final TenantAccess access;
    private final TransactionTemplate transaction;

    QuotaController(QuotaRows rows, TenantAccess access, TransactionTemplate transaction) {
        this.rows = rows;
        this.access = access;
        this.transaction = transaction;
    }

    /** All limits anew: what is left out has the platform's default. */
    record NewQuota(
            @Nullable @Valid QuotaLimits hard,
            @Nullable @Valid QuotaLimits soft) {}

    @GetMapping
    ResponseEntity<QuotaReport> get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return answer(rows.get(access.require(caller, tenant, Permission.READ).id()));
    }

    /** Limits below what is used take nothing away; they refuse whatever is more. */
    @PutMapping
    ResponseEntity<QuotaReport> put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody NewQuota body) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        requireAbove(caller, found);
        QuotaLimits hard = Objects.requireNonNullElse(body.hard(), QuotaLimits.NONE);
        QuotaLimits soft = Objects.requireNonNullElse(body.soft(), QuotaLimits.NONE);
        checkOrder(hard, soft);
        return answer(Objects.requireNonNull(transaction.execute(status -> changed(found, ifMatch, hard, soft))));
    }

    /** Nobody sets limits of the tenant that they are in. */
    private void requireAbove(Caller caller, Tenant tenant) {
        String parent = tenant.parent();
        if (parent == null) {
            caller.requireOperator(OperatorPower.HELP);
            return;
        }
        try {
            access.require(caller, parent, Permission.MANAGE_OWNERS);
        } catch (ProblemException e) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    "only an owner of the tenant above or an operator of the platform may do this; ask one");
        }
    }

    private static void checkOrder(QuotaLimits hard, QuotaLimits soft) {
        for (Resource resource : Resource.values()) {
            Long most = hard.of(resource);
            Long warned = soft.of(resource);
            if (most != null && warned != null && warned > most) {
                String field = "soft." + QuotaLimits.field(resource);
                throw ProblemException.field(field, field + ": is above the hard limit; choose at most " + most);
            }
        }
    }

    private QuotaReport changed(Tenant tenant, @Nullable String ifMatch, QuotaLimits hard, QuotaLimits soft) {
        QuotaReport present = rows.get(tenant.id());
        Trail.before(present);
        if ((ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(present.etag()))
                || !rows.limit(present, hard, soft)) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED,
                    "the quota of tenant '" + tenant.name() + "' has changed since; read it again");
        }
        QuotaReport changed = rows.get(tenant.id());
        Trail.after(changed);
        return changed;
    }

    private static ResponseEntity<QuotaReport> answer(QuotaReport report) {
        return ResponseEntity.ok().eTag(report.etag()).body(report);
    }
}
