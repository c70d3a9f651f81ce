// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import java.util.List;

/** The last entry of a backup: without it a file is not whole. */
record BackupEnd(List<TableEnd> tables, List<Counter> counters) {
    static final String NAME = "end.json";

    BackupEnd {
        tables = List.copyOf(tables);
        counters = List.copyOf(counters);
    }

    /**
     * What was written of a table.
     *
     * @param sha256 of its entry, hexadecimal
     */
    record TableEnd(String name, long rows, String sha256) {}

    /** The last number that a column's sequence has given out. */
    record Counter(String table, String column, long value) {}
}
