// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.ContainerPassport;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How containers are isolated, by the kernel's word, and where that is not what policy wants. */
@Tag(name = "passports")
@RestController
@RequestMapping("/api/v1")
class PassportController {
    private static final String CONTAINER = "/tenants/{tenant}/containers/{container}";

    private final Containers containers;
    private final TenantAccess access;
    private final AgentCalls agent;
    private final Drifts drifts;
    private final PassportSigner signer;
    private final Looks looks;

    PassportController(
            Containers containers,
            TenantAccess access,
            AgentCalls agent,
            Drifts drifts,
            PassportSigner signer,
            Looks looks) {
        this.containers = containers;
        this.access = access;
        this.agent = agent;
        this.drifts = drifts;
        this.signer = signer;
        this.looks = looks;
    }

    /** The kernel is asked now; 409 when the container does not run. */
    @GetMapping(CONTAINER + "/passport")
    ContainerPassport passport(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Container found = findToLook(caller, tenant, container);
        return agent.ask(it -> it.passport(found.containerId()));
    }

    /** The same with a detached signature. */
    @GetMapping(CONTAINER + "/passport/export")
    SignedPassport export(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        return signer.sign(passport(caller, tenant, container));
    }

    /** What verifies exports, as PEM. */
    @GetMapping(path = "/passport-key", produces = "application/x-pem-file")
    ResponseEntity<String> key() {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/x-pem-file"))
                .body(signer.publicKey());
    }

    /** Newest first. */
    @GetMapping(CONTAINER + "/drifts")
    Page<Drift> drifts(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestParam(defaultValue = "false") boolean open,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Container found = find(caller, tenant, container);
        return page(new Drifts.Filter(found.id(), open, cursor), limit);
    }

    /** Of all containers, for operators; newest first. */
    @GetMapping("/drifts")
    Page<Drift> allDrifts(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "false") boolean open,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return page(new Drifts.Filter(null, open, cursor), limit);
    }

    private Page<Drift> page(Drifts.Filter filter, int limit) {
        return Page.of(drifts.list(filter, limit), limit, drift -> drift.id().toString());
    }

    /** For what the node is asked about. */
    private Container findToLook(Caller caller, String tenant, String container) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        Container looked = containers.get(found, container);
        looks.admit(caller, found);
        return looked;
    }

    private Container find(Caller caller, String tenant, String container) {
        return containers.get(access.require(caller, tenant, Permission.READ), container);
    }
}
