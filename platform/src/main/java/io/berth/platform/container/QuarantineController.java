// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.QuarantineReason;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.Operations;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Cutting a container off, and letting it go: for operators alone. Its tenant sees that it is so and why. */
@Tag(name = "containers")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}")
@ResponseStatus(HttpStatus.ACCEPTED)
class QuarantineController {
    private final ContainerVerbs verbs;
    private final TenantAccess access;
    private final Idempotency idempotency;

    QuarantineController(ContainerVerbs verbs, TenantAccess access, Idempotency idempotency) {
        this.verbs = verbs;
        this.access = access;
        this.idempotency = idempotency;
    }

    /** Why. */
    record Order(
            @NotNull
            @Schema(
                    description = "one line of at most 200 characters, which the tenant reads",
                    example = "it sends spam")
            String reason) {}

    /** Freezes it, cuts its network, closes it to logins, and keeps its files as a snapshot. */
    @PostMapping("/quarantine")
    ResponseEntity<Operation> quarantine(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody Order body) {
        String reason = new QuarantineReason(body.reason()).value();
        var address = address(caller, tenant, container);
        return once(
                caller, key, address, OperationKind.CONTAINER_QUARANTINE, Map.of(ContainerOperations.REASON, reason));
    }

    /** The snapshot stays. */
    @PostMapping("/release")
    ResponseEntity<Operation> release(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var address = address(caller, tenant, container);
        return once(caller, key, address, OperationKind.CONTAINER_RELEASE, Map.of());
    }

    private ContainerVerbs.Address address(Caller caller, String tenant, String container) {
        var found = access.require(caller, tenant, Permission.READ); // 404 comes before 403
        caller.requireOperator();
        return new ContainerVerbs.Address(found, container, null);
    }

    private ResponseEntity<Operation> once(
            Caller caller,
            @Nullable String key,
            ContainerVerbs.Address address,
            OperationKind kind,
            Map<String, Object> arguments) {
        String what = "POST " + kind + " " + address.tenant().id() + " " + address.idOrName();
        return idempotency.once(
                caller,
                key,
                what,
                arguments,
                Operation.class,
                () -> Operations.accepted(verbs.verb(caller, address, kind, null, arguments)));
    }
}
