// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Snapshots that are taken by themselves, and how many of them are kept. */
@Tag(name = "snapshots")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/snapshot-schedules")
class SnapshotScheduleController {
    private static final int MOST_KEPT = 48; // db/migrations/V6__snapshots.sql

    private final Containers containers;
    private final SnapshotSchedules schedules;
    private final TenantAccess access;

    SnapshotScheduleController(Containers containers, SnapshotSchedules schedules, TenantAccess access) {
        this.containers = containers;
        this.schedules = schedules;
        this.access = access;
    }

    record Retention(
            @NotNull
            @Min(1)
            @Max(MOST_KEPT)
            @Schema(description = "how many of them; the oldest goes when a newer one has been taken")
            Integer keep) {}

    @GetMapping
    Page<SnapshotSchedule> list(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        return new Page<>(schedules.list(find(caller, tenant, container, Permission.READ)), null);
    }

    @PutMapping("/{cadence}")
    SnapshotSchedule put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String cadence,
            @Valid @RequestBody Retention body) {
        return schedules.put(find(caller, tenant, container, Permission.WRITE), Cadence.of(cadence), body.keep());
    }

    /** What it has taken stays. */
    @DeleteMapping("/{cadence}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable String cadence) {
        schedules.remove(find(caller, tenant, container, Permission.WRITE), Cadence.of(cadence));
    }

    private Container find(Caller caller, String tenant, String container, Permission permission) {
        return containers.get(access.require(caller, tenant, permission), container);
    }
}
