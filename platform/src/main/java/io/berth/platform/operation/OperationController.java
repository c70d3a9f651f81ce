// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Operations over REST. */
@Tag(name = "operations")
@RestController
@RequestMapping("/api/v1/operations")
class OperationController {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Operations operations;
    private final OperationWait finish;
    private final TenantAccess access;

    OperationController(Operations operations, OperationWait finish, TenantAccess access) {
        this.operations = operations;
        this.finish = finish;
        this.access = access;
    }

    @GetMapping("/{operation}")
    Operation get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID operation,
            @Parameter(
                            description =
                                    "answer only when the operation has finished, or after this time; at most 60s",
                            schema = @Schema(type = "string", example = "30s"))
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = DurationFormat.Style.SIMPLE)
                    Duration wait)
            throws InterruptedException {
        if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
            throw ProblemException.field("wait", "wait: choose 0s to 60s");
        }
        return finish.of(visible(caller, operation), wait);
    }

    /** Newest first; without a tenant all, for operators. */
    @GetMapping
    Page<Operation> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable OperationState state,
            @RequestParam(required = false) @Nullable OperationKind kind,
            @Parameter(description = "the id of what it is done to") @RequestParam(required = false) @Nullable
                    String target,
            @Parameter(description = "createdAt; '-' before it turns it round")
                    @RequestParam(defaultValue = "-createdAt")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID tenantId = null;
        if (tenant == null) {
            caller.requireOperator(OperatorPower.LOOK);
        } else {
            tenantId = access.require(caller, tenant, Permission.READ).id();
        }
        Place<Operation> place = Operations.ORDERS.place(sort, cursor);
        var filter = new Operations.Filter(tenantId, state, kind, target);
        return place.page(operations.list(filter, place, limit), limit);
    }

    private Operation visible(Caller caller, UUID id) {
        Operation found = operations.get(id);
        String tenant = found.tenant();
        if (caller.operates(OperatorPower.LOOK)) {
            return found;
        }
        if (tenant == null) {
            throw ProblemException.notFound("operation", id.toString());
        }
        try {
            access.require(caller, tenant, Permission.READ);
        } catch (ProblemException e) {
            // Names no tenant that the caller may not know
            throw ProblemException.notFound("operation", id.toString());
        }
        return found;
    }
}
