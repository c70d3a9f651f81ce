// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant may have where its own quota says nothing; null for no limit.
 *
 * @param containers BERTH_QUOTA_CONTAINERS
 * @param milliCpus BERTH_QUOTA_MILLI_CPUS
 * @param memoryBytes BERTH_QUOTA_MEMORY_BYTES
 * @param diskBytes BERTH_QUOTA_DISK_BYTES
 * @param pids BERTH_QUOTA_PIDS
 * @param sshKeys BERTH_QUOTA_SSH_KEYS
 * @param ports BERTH_QUOTA_PORTS
 */
public record QuotaSettings(
        @Nullable Long containers,
        @Nullable Long milliCpus,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Long pids,
        @Nullable Long sshKeys,
        @Nullable Long ports) {
    /** Nobody needs more by hand; a program gone wrong does. */
    private static final String MANY = "1000";

    /** One tenant leaves room for a hundred others in the range that a node has by default. */
    private static final String SOME = "100";

    private static final String NO_LIMIT = Environment.UNLIMITED;

    static QuotaSettings from(Environment environment) {
        return new QuotaSettings(
                environment.amount("BERTH_QUOTA_CONTAINERS", MANY),
                environment.amount("BERTH_QUOTA_MILLI_CPUS", NO_LIMIT),
                environment.amount("BERTH_QUOTA_MEMORY_BYTES", NO_LIMIT),
                environment.amount("BERTH_QUOTA_DISK_BYTES", NO_LIMIT),
                environment.amount("BERTH_QUOTA_PIDS", NO_LIMIT),
                environment.amount("BERTH_QUOTA_SSH_KEYS", MANY),
                environment.amount("BERTH_QUOTA_PORTS", SOME));
    }
}
