// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.ContainerName;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.Operations;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

/** A container's files as they were once, and other containers that begin with them. */
@Tag(name = "snapshots")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}")
class SnapshotController {
    private final Containers containers;
    private final Snapshots snapshots;
    private final SnapshotVerbs verbs;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final TransactionTemplate transaction;
    private final AgentCalls agent;
    private final Looks looks;

    SnapshotController(
            Containers containers,
            Snapshots snapshots,
            SnapshotVerbs verbs,
            TenantAccess access,
            Idempotency idempotency,
            TransactionTemplate transaction,
            AgentCalls agent,
            Looks looks) {
        this.containers = containers;
        this.snapshots = snapshots;
        this.verbs = verbs;
        this.access = access;
        this.idempotency = idempotency;
        this.transaction = transaction;
        this.agent = agent;
        this.looks = looks;
    }

    record NewSnapshot(
            @Nullable @Schema(description = "the time when it is left out", example = "before-upgrade")
            String name) {}

    record NewCopy(
            @NotNull @Schema(example = "blog") String name,

            @Nullable
            @Schema(
                    description = "id or name; the files as they are now when it is left out",
                    example = "before-upgrade")
            String snapshot,

            @Nullable @Valid @Schema(description = "what is left out is the original's")
            LimitsWish limits,

            @Nullable @Schema(description = "the original's when it is left out")
            NetworkMode network,

            @Nullable @Schema(defaultValue = "true") Boolean start) {
        SnapshotVerbs.Wish wish() {
            LimitsWish wished = limits == null ? LimitsWish.NONE : limits;
            return new SnapshotVerbs.Wish(
                    new ContainerName(name),
                    snapshot == null ? null : named(snapshot),
                    wished::over,
                    network,
                    Boolean.FALSE.equals(start) ? DesiredState.STOPPED : DesiredState.RUNNING);
        }
    }

    /** What has the form of either. */
    private static String named(String idOrName) {
        try {
            return SnapshotId.of(idOrName).toString();
        } catch (InvalidSpecException e) {
            return nameOf(idOrName);
        }
    }

    private static String nameOf(String text) {
        try {
            return new SnapshotName(text).value();
        } catch (InvalidSpecException e) {
            throw ProblemException.field("snapshot", "snapshot: " + e.getMessage());
        }
    }

    record NewName(@NotNull @Schema(example = "blog") String name) {}

    /** Oldest first. The node is asked, as its root may have taken some. */
    @GetMapping("/snapshots")
    Page<Snapshot> list(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        looks.admit(caller, owner);
        if (found.state() != null && found.state() != ObservedState.MISSING) {
            snapshots.bringIn(found.containerId(), agent.ask(it -> it.snapshots(found.containerId())));
        }
        return new Page<>(snapshots.list(found), null);
    }

    /** Keeps the files as they are then, of a running container too; at once on btrfs, else frozen while they are copied. */
    @PostMapping("/snapshots")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> take(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody(required = false) @Nullable NewSnapshot body) {
        String asked = body == null ? null : body.name();
        SnapshotName name = asked == null ? null : new SnapshotName(asked);
        if (name != null && name.value().startsWith(Snapshot.QUARANTINE)) {
            throw ProblemException.field(
                    "name", "names that begin with '" + Snapshot.QUARANTINE + "' are evidence's; choose another one");
        }
        var address = address(caller, tenant, container);
        return once(caller, key, "snapshot", address, String.valueOf(asked), () -> verbs.take(caller, address, name));
    }

    @DeleteMapping("/snapshots/{snapshot}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String snapshot) {
        var address = address(caller, tenant, container);
        return Operations.accepted(transaction.execute(status -> verbs.delete(caller, address, snapshot)));
    }

    /** The files become what they were; what came since is lost. A running container is killed before and started after. */
    @PostMapping("/snapshots/{snapshot}/restore")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> restore(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String snapshot,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var address = address(caller, tenant, container);
        return once(caller, key, "restore", address, snapshot, () -> verbs.restore(caller, address, snapshot));
    }

    /** Makes another container of this one's files, or of a snapshot's; it has uids, an address and an identity of its own. */
    @PostMapping("/copy")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> copy(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewCopy body) {
        var address = address(caller, tenant, container);
        SnapshotVerbs.Wish wish = body.wish();
        return once(caller, key, "copy", address, body, () -> verbs.copy(caller, address, wish));
    }

    /** Of a stopped container; its name is its host name, too. */
    @PostMapping("/rename")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Operation> rename(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewName body) {
        var address = address(caller, tenant, container);
        var name = new ContainerName(body.name());
        return once(caller, key, "rename", address, body, () -> verbs.rename(caller, address, name));
    }

    private ContainerVerbs.Address address(Caller caller, String tenant, String container) {
        return new ContainerVerbs.Address(access.require(caller, tenant, Permission.WRITE), container, null);
    }

    private ResponseEntity<Operation> once(
            Caller caller,
            @Nullable String key,
            String verb,
            ContainerVerbs.Address address,
            Object body,
            Supplier<Operation> work) {
        String what = "POST " + verb + " " + address.tenant().id() + " " + address.idOrName();
        return idempotency.once(
                new Idempotency.Request<>(caller, key, what, body, Operation.class),
                () -> Operations.accepted(work.get()),
                UnaryOperator.identity());
    }
}
