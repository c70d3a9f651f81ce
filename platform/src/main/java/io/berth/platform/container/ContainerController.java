// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.image.Images;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.Operations;
import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's containers over REST: making and looking. */
@Tag(name = "containers")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers")
class ContainerController {
    private static final int MOST_CONSOLE_BYTES = 32_768;

    private final Containers containers;
    private final ContainerVerbs verbs;
    private final Images images;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final AgentCalls agent;
    private final Looks looks;

    ContainerController(
            Containers containers,
            ContainerVerbs verbs,
            Images images,
            TenantAccess access,
            Idempotency idempotency,
            AgentCalls agent,
            Looks looks) {
        this.containers = containers;
        this.verbs = verbs;
        this.images = images;
        this.access = access;
        this.idempotency = idempotency;
        this.agent = agent;
        this.looks = looks;
    }

    record NewContainer(
            @NotNull @Schema(example = "web") String name,
            @NotNull @Schema(example = "debian/bookworm") String image,
            @Nullable @Valid LimitsWish limits,
            @Nullable @Schema(defaultValue = "NAT") NetworkMode network,
            @Nullable @Schema(defaultValue = "true") Boolean start) {
        /** The whole of what is asked for; what was left out has its default. */
        ContainerSpec spec(Tenant tenant, ImageId resolved) {
            LimitsWish wished = limits == null ? LimitsWish.NONE : limits;
            return new ContainerSpec(
                    new ContainerName(name),
                    new TenantName(tenant.name()),
                    resolved,
                    wished.over(Limits.DEFAULT),
                    Objects.requireNonNullElse(network, NetworkMode.NAT));
        }

        DesiredState desired() {
            return Boolean.FALSE.equals(start) ? DesiredState.STOPPED : DesiredState.RUNNING;
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewContainer body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        Optional<Images.Resolved> image = images.resolve(body.image());
        return idempotency.once(caller, key, "POST /containers " + found.id(), body, Operation.class, () -> {
            Images.Resolved resolved = image.orElseThrow(() -> images.unknown(body.image()));
            ContainerSpec spec = body.spec(found, resolved.id());
            return Operations.accepted(
                    verbs.create(caller, found, new ContainerVerbs.Wish(spec, resolved, body.desired())));
        });
    }

    @GetMapping
    Page<Container> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable ObservedState state,
            @RequestParam(required = false) @Nullable DesiredState desiredState,
            @Parameter(description = "its name when they were made of it, or its id")
                    @RequestParam(required = false)
                    @Nullable
                    String image,
            @Parameter(description = "name, createdAt, memoryBytes or diskBytes; '-' before it turns it round")
                    @RequestParam(defaultValue = "name")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        var filter = new Containers.Filter(state, desiredState, image);
        Place<Container> place = Containers.ORDERS.place(sort, cursor);
        return place.page(containers.list(found, filter, place, limit), limit);
    }

    @GetMapping("/{container}")
    ResponseEntity<Container> get(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Container found = containers.get(access.require(caller, tenant, Permission.READ), container);
        return ResponseEntity.ok().eTag(found.etag()).body(found);
    }

    /** The newest of what it wrote to its console. */
    @GetMapping(path = "/{container}/console", produces = "text/plain;charset=UTF-8")
    ResponseEntity<String> console(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestParam(defaultValue = "32768") @Min(1) @Max(MOST_CONSOLE_BYTES) int maxBytes) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        looks.admit(caller, owner);
        String text = agent.ask(it -> it.text(new Request.ConsoleLog(found.containerId(), maxBytes)));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/plain;charset=UTF-8"))
                .body(text);
    }
}
