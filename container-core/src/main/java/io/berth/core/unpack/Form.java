// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.util.Set;

/** What an archive is, by what lies at its top. */
enum Form {
    /** The root file system itself. */
    PLAIN,
    /** LXD's and Incus's, both in one: metadata.yaml, templates and the root file system below rootfs. */
    UNIFIED,
    /** What {@code docker save} writes, or an OCI image layout. */
    LAYERED,
    /** Can't be said by this entry. */
    OPEN;

    /** What every distribution has and neither other form does. */
    private static final Set<String> SYSTEM = Set.of("bin", "boot", "dev", "etc", "lib", "sbin", "usr", "var");

    private static final Set<String> LAYERED_TOP = Set.of("manifest.json", "oci-layout", "index.json", "blobs");

    static Form of(TreePath path) {
        if (path.isRoot()) {
            return OPEN;
        }
        String top = path.names().getFirst();
        if (top.equals("rootfs") || top.equals("metadata.yaml")) {
            return UNIFIED;
        }
        if (LAYERED_TOP.contains(top)
                || (path.names().size() == 2 && path.name().equals("layer.tar"))) {
            return LAYERED;
        }
        return SYSTEM.contains(top) ? PLAIN : OPEN;
    }
}
