// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.Operations;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What can be done with a container that exists; each answers 202 with the operation that does it. */
@Tag(name = "containers")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}")
@ResponseStatus(HttpStatus.ACCEPTED)
class ContainerVerbController {
    private static final int MOST_GRACE_SECONDS = 300;

    private final ContainerVerbs verbs;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final TransactionTemplate transaction;

    ContainerVerbController(
            ContainerVerbs verbs, TenantAccess access, Idempotency idempotency, TransactionTemplate transaction) {
        this.verbs = verbs;
        this.access = access;
        this.idempotency = idempotency;
        this.transaction = transaction;
    }

    /** How long what runs inside has to end by itself. */
    record Stop(@Nullable @Min(0) @Max(MOST_GRACE_SECONDS) Integer graceSeconds) {}

    record Change(@NotNull @Valid LimitsWish limits) {}

    @PostMapping("/start")
    ResponseEntity<Operation> start(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        return once(caller, key, address, OperationKind.CONTAINER_START, DesiredState.RUNNING, Map.of());
    }

    @PostMapping("/stop")
    ResponseEntity<Operation> stop(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody(required = false) @Nullable Stop body) {
        var address = address(caller, tenant, container, ifMatch);
        return once(caller, key, address, OperationKind.CONTAINER_STOP, DesiredState.STOPPED, arguments(body));
    }

    @PostMapping("/restart")
    ResponseEntity<Operation> restart(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody(required = false) @Nullable Stop body) {
        var address = address(caller, tenant, container, ifMatch);
        return once(caller, key, address, OperationKind.CONTAINER_RESTART, DesiredState.RUNNING, arguments(body));
    }

    @PostMapping("/freeze")
    ResponseEntity<Operation> freeze(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        return once(caller, key, address, OperationKind.CONTAINER_FREEZE, null, Map.of());
    }

    @PostMapping("/thaw")
    ResponseEntity<Operation> thaw(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        return once(caller, key, address, OperationKind.CONTAINER_THAW, null, Map.of());
    }

    @PatchMapping
    ResponseEntity<Operation> change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Change body) {
        var address = address(caller, tenant, container, ifMatch);
        Operation operation = transaction.execute(
                status -> verbs.resize(caller, address, present -> body.limits().over(present)));
        return Operations.accepted(operation);
    }

    @DeleteMapping
    ResponseEntity<Operation> delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        Operation operation = transaction.execute(status -> verbs.delete(caller, address));
        return Operations.accepted(operation);
    }

    private ContainerVerbs.Address address(Caller caller, String tenant, String container, @Nullable String ifMatch) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        return new ContainerVerbs.Address(found, container, ifMatch);
    }

    private ResponseEntity<Operation> once(
            Caller caller,
            @Nullable String key,
            ContainerVerbs.Address address,
            OperationKind kind,
            @Nullable DesiredState desired,
            Map<String, Object> arguments) {
        String what = "POST " + kind + " " + address.tenant().id() + " " + address.idOrName();
        return idempotency.once(
                caller,
                key,
                what,
                arguments,
                Operation.class,
                () -> Operations.accepted(verbs.verb(caller, address, kind, desired, arguments)));
    }

    private static Map<String, Object> arguments(@Nullable Stop body) {
        Integer grace = body == null ? null : body.graceSeconds();
        return Map.of(
                ContainerOperations.GRACE_SECONDS, grace == null ? ContainerOperations.DEFAULT_GRACE_SECONDS : grace);
    }
}
