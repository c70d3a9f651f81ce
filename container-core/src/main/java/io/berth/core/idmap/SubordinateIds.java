// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What /etc/subuid and /etc/subgid give to others on this host; see subuid(5). */
final class SubordinateIds {
    private static final Pattern ENTRY = Pattern.compile("([^:]*):([0-9]{1,10}):([0-9]{1,10})");

    private SubordinateIds() {}

    /** Every entry of a file, none when it does not exist. Lines that are no entry are passed over, as newuidmap(1) does. */
    static List<ForeignIds> read(Path file) {
        return NumberedLines.of(file, (line, number) -> entry(file, line, number));
    }

    private static Optional<ForeignIds> entry(Path file, String line, int number) {
        Matcher fields = ENTRY.matcher(line.strip());
        return fields.matches()
                ? Optional.of(new ForeignIds(
                        Long.parseLong(fields.group(2)),
                        Long.parseLong(fields.group(3)),
                        file + " line " + number + " (" + fields.group(1) + ")",
                        "remove or move that line, or set BERTH_UID_BASE and BERTH_UID_RANGES to ids that are free"))
                : Optional.empty();
    }
}
