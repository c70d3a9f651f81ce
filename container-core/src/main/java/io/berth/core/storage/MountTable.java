// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** /proc/self/mountinfo; see proc(5). */
final class MountTable {
    /**
     * One mount.
     *
     * @param device major:minor of its filesystem
     * @param root what of it is shown, as the kernel writes it
     * @param options of the mount, not of its filesystem
     * @param source as mount(8) shows it, such as {@code /dev/loop0}
     */
    record Entry(String device, String root, Path target, Set<String> options, String type, String source) {
        /** Carries what every pool's mount carries. */
        boolean isHardened() {
            return options.containsAll(Set.of("nosuid", "nodev"));
        }
    }

    private MountTable() {}

    /** The topmost mount on a directory. */
    static Optional<Entry> at(Path target) {
        return read().stream().filter(entry -> entry.target().equals(target)).reduce((lower, upper) -> upper);
    }

    private static List<Entry> read() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .map(MountTable::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("reading /proc/self/mountinfo", e);
        }
    }

    /** {@code 36 35 98:0 /root /target rw,noatime master:1 - ext3 /dev/root rw,errors=continue}. */
    static Entry parse(String line) {
        String[] fields = line.split(" ", -1);
        int dash = Arrays.asList(fields).indexOf("-");
        return new Entry(
                fields[2],
                fields[3],
                Path.of(unescaped(fields[4])),
                Set.of(fields[5].split(",")),
                fields[dash + 1],
                unescaped(fields[dash + 2]));
    }

    /** Blank, tab, newline and backslash are octal: mangle(), fs/proc_namespace.c. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
