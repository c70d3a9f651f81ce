// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.Fd;
import io.berth.core.linux.TreeCalls;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * What a file has beside content.
 *
 * @param extended by name; only what counts in a container: its capabilities and its users' own
 */
record Attributes(int uid, int gid, int mode, Instant time, Map<String, byte[]> extended) {
    private static final int IDS = 65536; // what a container's user namespace maps
    private static final int PERMISSIONS = 07777;
    private static final String XATTR = "SCHILY.xattr."; // star's, which GNU tar and Go write as well

    Attributes {
        extended = Map.copyOf(extended);
    }

    static Attributes of(TarArchiveEntry entry, TreePath path) {
        return new Attributes(
                id(entry.getLongUserId(), path),
                id(entry.getLongGroupId(), path),
                entry.getMode() & PERMISSIONS,
                entry.getLastModifiedTime().toInstant(),
                extended(entry));
    }

    private static int id(long id, TreePath path) {
        if (id < 0 || id >= IDS) {
            throw new RefusedArchiveException(
                    path.shown() + " belongs to the id " + id + "; a container has ids up to " + (IDS - 1));
        }
        return (int) id;
    }

    private static Map<String, byte[]> extended(TarArchiveEntry entry) {
        Map<String, byte[]> extended = new TreeMap<>();
        entry.getExtraPaxHeaders().forEach((key, value) -> {
            String name = key.startsWith(XATTR) ? key.substring(XATTR.length()) : "";
            if (name.startsWith("user.")) {
                extended.put(name, value.getBytes(StandardCharsets.UTF_8));
            } else if (name.equals("security.capability")) {
                FileCapability.of(value).ifPresent(bytes -> extended.put(name, bytes));
            }
        });
        return extended;
    }

    /** A new owner takes setuid and file capabilities away, so it comes first. */
    void apply(Fd file, boolean link) {
        TreeCalls.setOwner(file, uid, gid);
        if (!link) {
            TreeCalls.setMode(file, mode);
            extended.forEach((name, value) -> TreeCalls.setAttribute(file, name, value));
        }
        TreeCalls.setTime(file, time);
    }
}
