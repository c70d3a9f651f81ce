// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** One kind of limit, hard or soft, of every resource. What is left out has the platform's default. */
record QuotaLimits(
        @Nullable @Min(0) @Max(MOST) Long containers,
        @Nullable @Min(0) @Max(MOST) Long milliCpus,
        @Nullable @Min(0) @Max(MOST) Long memoryBytes,
        @Nullable @Min(0) @Max(MOST) Long diskBytes,
        @Nullable @Min(0) @Max(MOST) Long pids,
        @Nullable @Min(0) @Max(MOST) Long sshKeys,

        @Schema(description = "ports of nodes that lead to its containers") @Nullable @Min(0) @Max(MOST)
        Long ports,

        @Schema(description = "how many tenants it may make below itself") @Nullable @Min(0) @Max(MOST)
        Long tenants) {
    /** 2^53: the largest number that every JSON client reads as it stands; more than any machine has. */
    static final long MOST = 1L << 53;

    static final QuotaLimits NONE = new QuotaLimits(null, null, null, null, null, null, null, null);

    @Nullable
    Long of(Resource resource) {
        return switch (resource) {
            case CONTAINERS -> containers;
            case MILLI_CPUS -> milliCpus;
            case MEMORY_BYTES -> memoryBytes;
            case DISK_BYTES -> diskBytes;
            case PIDS -> pids;
            case SSH_KEYS -> sshKeys;
            case PORTS -> ports;
            case TENANTS -> tenants;
        };
    }

    /** The field that holds it. */
    static String field(Resource resource) {
        return switch (resource) {
            case CONTAINERS -> "containers";
            case MILLI_CPUS -> "milliCpus";
            case MEMORY_BYTES -> "memoryBytes";
            case DISK_BYTES -> "diskBytes";
            case PIDS -> "pids";
            case SSH_KEYS -> "sshKeys";
            case PORTS -> "ports";
            case TENANTS -> "tenants";
        };
    }
}
