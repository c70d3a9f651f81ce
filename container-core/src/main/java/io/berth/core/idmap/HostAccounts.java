// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The uids of the host's users and the gids of its groups; see passwd(5) and group(5), whose third field is the id in both. */
final class HostAccounts {
    private static final Pattern ENTRY = Pattern.compile("([^:]*):[^:]*:([0-9]{1,10})(:.*)?");

    private HostAccounts() {}

    /** One id for each line of a file. */
    static List<ForeignIds> read(Path file) {
        return NumberedLines.of(file, (line, number) -> entry(file, line, number));
    }

    private static Optional<ForeignIds> entry(Path file, String line, int number) {
        Matcher fields = ENTRY.matcher(line);
        return fields.matches()
                ? Optional.of(
                        new ForeignIds(
                                Long.parseLong(fields.group(2)),
                                1,
                                file + " line " + number + " (" + fields.group(1) + ")",
                                "give that account another id, or set BERTH_UID_BASE and BERTH_UID_RANGES to ids that are free"))
                : Optional.empty();
    }
}
