// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first entry of a backup: what follows, and in which order.
 *
 * @param format of the file
 * @param schema the version of the newest migration
 */
record BackupHead(int format, String schema, Instant at, String server, List<TableHead> tables) {
    static final int FORMAT = 1;

    /** The entries' names. */
    static final String NAME = "berth-backup.json";

    BackupHead {
        tables = List.copyOf(tables);
    }

    /**
     * A table with rows.
     *
     * @param columns those that rows are written with, in this order
     * @param parent of a partition
     * @param bound of a partition, as create table takes it
     */
    record TableHead(
            String name,
            List<String> columns,
            @Nullable String parent,
            @Nullable String bound) {
        TableHead {
            columns = List.copyOf(columns);
        }

        String entry() {
            return "tables/" + name;
        }
    }
}
