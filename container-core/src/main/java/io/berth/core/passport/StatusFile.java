// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/** Fields of /proc/PID/status by name, see proc_pid_status(5). */
record StatusFile(Map<String, String> fields) {
    StatusFile {
        fields = Map.copyOf(fields);
    }

    static StatusFile parse(String text) {
        return new StatusFile(text.lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first)));
    }

    /** Empty where this kernel has no such field. */
    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** @return -1 where this kernel has no such field */
    int number(String field) {
        String text = text(field);
        return text.isEmpty() ? -1 : Integer.parseInt(text);
    }

    long hex(String field) {
        String text = text(field);
        return text.isEmpty() ? 0 : HexFormat.fromHexDigitsToLong(text);
    }
}
