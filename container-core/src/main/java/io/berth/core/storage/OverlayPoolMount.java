// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import java.nio.file.Path;

/** A directory of the host's own filesystem, mounted over itself. */
final class OverlayPoolMount extends PoolMount {
    OverlayPoolMount(Path pool) {
        super(pool);
    }

    @Override
    boolean fits(MountTable.Entry present) {
        return !present.source().startsWith("/dev/loop"); // else the btrfs driver's file
    }

    @Override
    void mount() {
        bind();
    }

    @Override
    String cureWhenFull() {
        return "free space on the host's filesystem that holds it";
    }
}
