// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.Operations;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's volumes: files that outlive containers, and that several may have at once. */
@Tag(name = "volumes")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/volumes")
class VolumeController {
    private final Volumes volumes;
    private final VolumeVerbs verbs;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final TransactionTemplate transaction;

    VolumeController(
            Volumes volumes,
            VolumeVerbs verbs,
            TenantAccess access,
            Idempotency idempotency,
            TransactionTemplate transaction) {
        this.volumes = volumes;
        this.verbs = verbs;
        this.access = access;
        this.idempotency = idempotency;
        this.transaction = transaction;
    }

    record NewVolume(
            @NotNull @Schema(example = "data") String name,

            @NotNull @Schema(description = "what its files take at most, 64 MiB to 1 PiB", example = "1073741824")
            Long diskBytes) {
        VolumeSpec spec(Tenant tenant) {
            return new VolumeSpec(new VolumeName(name), new TenantName(tenant.name()), diskBytes);
        }
    }

    record VolumeSize(
            @NotNull @Schema(example = "2147483648") Long diskBytes) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewVolume body) {
        Tenant found = access.require(caller, tenant, Permission.WRITE);
        VolumeSpec spec = body.spec(found);
        return idempotency.once(
                caller,
                key,
                "POST /volumes " + found.id(),
                body,
                Operation.class,
                () -> Operations.accepted(verbs.create(caller, found, spec)));
    }

    @GetMapping
    Page<Volume> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        return Page.of(volumes.list(found, cursor, limit), limit, Volume::name);
    }

    @GetMapping("/{volume}")
    ResponseEntity<Volume> get(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String volume) {
        Volume found = volumes.get(access.require(caller, tenant, Permission.READ), volume);
        return ResponseEntity.ok().eTag(found.etag()).body(found);
    }

    /** At once, whoever has it. */
    @PatchMapping("/{volume}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> resize(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String volume,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody VolumeSize body) {
        var address = address(caller, tenant, volume, ifMatch);
        long diskBytes = VolumeSpec.checkedSize(body.diskBytes());
        return Operations.accepted(transaction.execute(status -> verbs.resize(caller, address, diskBytes)));
    }

    /** With its files, for good; refused while a container has it. */
    @DeleteMapping("/{volume}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String volume,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, volume, ifMatch);
        return Operations.accepted(transaction.execute(status -> verbs.delete(caller, address)));
    }

    private VolumeVerbs.Address address(Caller caller, String tenant, String volume, @Nullable String ifMatch) {
        return new VolumeVerbs.Address(access.require(caller, tenant, Permission.WRITE), volume, ifMatch);
    }
}
