// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.Protocol;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.Operations;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Ports of the node that lead to a container. They are open while it runs, and go with it. */
@Tag(name = "ports")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/ports")
class PortController {
    private static final int LAST = 65_535;

    private final Containers containers;
    private final Ports ports;
    private final NetworkVerbs verbs;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final TransactionTemplate transaction;

    PortController(
            Containers containers,
            Ports ports,
            NetworkVerbs verbs,
            TenantAccess access,
            Idempotency idempotency,
            TransactionTemplate transaction) {
        this.containers = containers;
        this.ports = ports;
        this.verbs = verbs;
        this.access = access;
        this.idempotency = idempotency;
        this.transaction = transaction;
    }

    record NewPort(
            @NotNull @Min(1) @Max(LAST) @Schema(description = "where the container listens", example = "80")
            Integer containerPort,

            @Nullable @Schema(defaultValue = "TCP") Protocol protocol,

            @Nullable
            @Min(1)
            @Max(LAST)
            @Schema(description = "the node's; one that is free when it is left out", example = "20080")
            Integer hostPort) {}

    @GetMapping
    Page<Port> list(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        return new Page<>(ports.list(find(caller, tenant, container).id()), null);
    }

    /** By protocol and the node's port, such as {@code tcp-20080}. */
    @GetMapping("/{port}")
    Port get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String port) {
        return ports.find(find(caller, tenant, container).id(), port)
                .orElseThrow(() -> ProblemException.notFound("port", port));
    }

    /** Whoever connects to that port of the node, at any of its addresses, reaches the container and is seen there by the own address. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> publish(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @Valid @RequestBody NewPort body) {
        var address = address(caller, tenant, container, ifMatch);
        Protocol protocol = Objects.requireNonNullElse(body.protocol(), Protocol.TCP);
        String what = "POST port " + address.tenant().id() + " " + container;
        return idempotency.once(
                caller,
                key,
                what,
                body,
                Operation.class,
                () -> Operations.accepted(
                        verbs.publish(caller, address, protocol, body.containerPort(), body.hostPort())));
    }

    /** Connections through it end. */
    @DeleteMapping("/{port}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> unpublish(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String port,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        return Operations.accepted(transaction.execute(status -> verbs.unpublish(caller, address, port)));
    }

    private Container find(Caller caller, String tenant, String container) {
        return containers.get(access.require(caller, tenant, Permission.READ), container);
    }

    private ContainerVerbs.Address address(Caller caller, String tenant, String container, @Nullable String ifMatch) {
        return new ContainerVerbs.Address(access.require(caller, tenant, Permission.WRITE), container, ifMatch);
    }
}
