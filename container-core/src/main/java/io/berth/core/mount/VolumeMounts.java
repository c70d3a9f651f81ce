// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import java.util.Arrays;
import java.util.List;

/**
 * Where one process sees volumes, by its mountinfo; see proc_pid_mountinfo(5).
 *
 * @param all oldest first
 */
public record VolumeMounts(List<Mount> all) {
    private static final int DEVICE = 2;
    private static final int ROOT = 3;
    private static final int POINT = 4;
    private static final int OPTIONS = 5;
    private static final String SEPARATOR = " - ";

    /**
     * One of them.
     *
     * @param volume its id, as text
     * @param below the path in the volume that is shown, empty for all of it
     * @param point where
     * @param options of the mount
     */
    public record Mount(String volume, String below, String point, List<String> options) {
        public Mount {
            options = List.copyOf(options);
        }

        public boolean isReadOnly() {
            return options.contains("ro");
        }
    }

    public VolumeMounts {
        all = List.copyOf(all);
    }

    /**
     * @param device of the filesystem that volumes lie on, major:minor
     * @param prefix what comes before a volume's id in the root of a mount
     */
    public static VolumeMounts of(String mountinfo, String device, String prefix) {
        return new VolumeMounts(mountinfo
                .lines()
                .filter(line -> line.contains(SEPARATOR))
                .map(line -> line.split(SEPARATOR, 2)[0].split(" ", -1))
                .filter(fields -> fields[DEVICE].equals(device) && fields[ROOT].startsWith(prefix))
                .map(fields -> mount(fields, fields[ROOT].substring(prefix.length())))
                .toList());
    }

    private static Mount mount(String[] fields, String root) {
        String[] way = root.split("/", 2);
        return new Mount(
                way[0],
                way.length == 1 ? "" : way[1],
                unescaped(fields[POINT]),
                Arrays.asList(fields[OPTIONS].split(",", -1)));
    }

    /** Blank, tab, newline, backslash and # are octal: mangle(), fs/proc_namespace.c. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\043", "#")
                .replace("\\134", "\\");
    }
}
