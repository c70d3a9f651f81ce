// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.MountPath;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.Operations;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Which volumes a container has; a running one gets and loses them at once. */
@Tag(name = "volumes")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/volumes/{volume}")
@ResponseStatus(HttpStatus.ACCEPTED)
class ContainerVolumeController {
    private final VolumeVerbs verbs;
    private final TenantAccess access;
    private final TransactionTemplate transaction;

    ContainerVolumeController(VolumeVerbs verbs, TenantAccess access, TransactionTemplate transaction) {
        this.verbs = verbs;
        this.access = access;
        this.transaction = transaction;
    }

    record VolumePlace(
            @NotNull @Schema(description = "inside the container; made where it is missing", example = "/srv/data")
            String path,

            @Nullable
            @Schema(
                    description = "nobody in the container writes to it then, its root included",
                    defaultValue = "false")
            Boolean readOnly) {}

    /** Attaching what is attached changes how. */
    @PutMapping
    ResponseEntity<Operation> attach(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String volume,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody VolumePlace body) {
        var address = address(caller, tenant, container, ifMatch);
        var path = new MountPath(body.path());
        boolean readOnly = Boolean.TRUE.equals(body.readOnly());
        return Operations.accepted(
                transaction.execute(status -> verbs.attach(caller, address, volume, path, readOnly)));
    }

    /** What has files of it open keeps them open. */
    @DeleteMapping
    ResponseEntity<Operation> detach(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String volume,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var address = address(caller, tenant, container, ifMatch);
        return Operations.accepted(transaction.execute(status -> verbs.detach(caller, address, volume)));
    }

    private ContainerVerbs.Address address(Caller caller, String tenant, String container, @Nullable String ifMatch) {
        return new ContainerVerbs.Address(access.require(caller, tenant, Permission.WRITE), container, ifMatch);
    }
}
