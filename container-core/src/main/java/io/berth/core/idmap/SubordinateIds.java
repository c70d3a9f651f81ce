// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What /etc/subuid and /etc/subgid give to others on this host; see subuid(5). */
public final class SubordinateIds {
    private SubordinateIds() {}

    /** Every entry of the files that exist. Lines that are no entry are passed over, as newuidmap(1) does. */
    public static List<UidLedger.Foreign> read(List<Path> files) {
        List<UidLedger.Foreign> entries = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                lines(file).forEach(line -> add(entries, file, line));
            }
        }
        return entries;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static void add(List<UidLedger.Foreign> entries, Path file, String line) {
        String[] parts = line.strip().split(":", -1);
        if (parts.length == 3 && parts[1].matches("[0-9]{1,10}") && parts[2].matches("[0-9]{1,10}")) {
            entries.add(new UidLedger.Foreign(
                    Long.parseLong(parts[1]), Long.parseLong(parts[2]), file + " (" + parts[0] + ")"));
        }
    }
}
