// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One line of mountinfo, see proc_pid_mountinfo(5). Names stay as the kernel writes them: blanks and backslashes in octal.
 *
 * @param id of the mount, unique on this machine
 * @param parent the mount that it stands on
 * @param device major:minor of its file system's instance
 * @param root what of the file system is shown
 * @param point where
 * @param options of the mount
 * @param peers numbers of the groups that it shares mounts with or takes them from
 * @param type of the file system
 */
record MountLine(
        int id,
        int parent,
        String device,
        String root,
        String point,
        Set<String> options,
        List<Integer> peers,
        String type) {
    private static final int FIXED_FIELDS = 6;

    MountLine {
        options = Set.copyOf(options);
        peers = List.copyOf(peers);
    }

    static List<MountLine> all(String mountinfo) {
        return mountinfo.lines().map(MountLine::parse).toList();
    }

    private static MountLine parse(String line) {
        String[] halves = line.split(" - ", 2);
        String[] fields = halves[0].split(" ", -1);
        return new MountLine(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                fields[2],
                fields[3],
                fields[4],
                Arrays.stream(fields[5].split(",", -1)).collect(Collectors.toSet()),
                peers(fields),
                halves[1].split(" ", -1)[0]);
    }

    private static List<Integer> peers(String[] fields) {
        List<Integer> peers = new ArrayList<>();
        for (int i = FIXED_FIELDS; i < fields.length; i++) {
            if (fields[i].startsWith("shared:") || fields[i].startsWith("master:")) {
                peers.add(Integer.valueOf(fields[i].substring(fields[i].indexOf(':') + 1)));
            }
        }
        return peers;
    }

    /** {@code sysfs nodev,noexec,nosuid,ro}. */
    String describe() {
        return type + " " + options.stream().sorted().collect(Collectors.joining(","));
    }
}
