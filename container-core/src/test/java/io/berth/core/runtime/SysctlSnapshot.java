// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Every setting of /proc/sys that somebody could have changed. */
final class SysctlSnapshot {
    private static final int LONGEST = 4096; // a page, the most that a sysctl has
    private static final Path ROOT = Path.of("/proc/sys");

    /** Counters that can be written, and directories that come and go with an interface. */
    private static final Pattern MOVING = Pattern.compile("kernel/(ns_last_pid|random/.*)|fs/binfmt_misc/.*"
            + "|vm/(stat_refresh|drop_caches|compact_memory)|net/ipv[46]/(conf|neigh)/(?!all|default|lo).*"
            + "|net/ipv[46]/route/flush");

    private SysctlSnapshot() {}

    static Map<Path, String> take() throws IOException {
        Map<Path, String> values = new TreeMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!MOVING.matcher(ROOT.relativize(file).toString()).matches() && isWritable(file)) {
                    values.put(file, value(file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // an interface's that has gone
            }
        });
        return values;
    }

    private static boolean isWritable(Path file) {
        try {
            return Files.readAttributes(file, PosixFileAttributes.class)
                    .permissions()
                    .contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException e) {
            return false;
        }
    }

    /** In one read: the next would begin behind the number's first digits and find nothing, see proc_dointvec in kernel/sysctl.c. */
    static String value(Path file) {
        byte[] page = new byte[LONGEST];
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.read(page);
            return new String(page, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "not readable";
        }
    }
}
