// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import java.util.Locale;

/** What is counted. The name in lower case begins three columns of the table quotas: {@code _used}, {@code _hard}, {@code _soft}. */
public enum Resource {
    CONTAINERS("containers", ""),
    MILLI_CPUS("thousandths of a CPU", "milliCpus"),
    MEMORY_BYTES("bytes of memory", "memoryBytes"),
    DISK_BYTES("bytes of disk", "diskBytes"),
    PIDS("processes", "pids"),
    SSH_KEYS("SSH keys", ""),
    /** Published ones. */
    PORTS("ports", ""),
    /** Tenants below this one. */
    TENANTS("tenants below it", "");

    private final String words;
    private final String field;

    Resource(String words, String field) {
        this.words = words;
        this.field = field;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    String words() {
        return words;
    }

    /** What a request calls it; empty when the request itself asks for it. */
    String field() {
        return field;
    }
}
