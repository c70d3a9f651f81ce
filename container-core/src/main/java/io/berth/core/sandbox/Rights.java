// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_EXECUTE;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_IOCTL_DEV;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_DIR;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_REG;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_SOCK;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_MAKE_SYM;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_READ_DIR;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_READ_FILE;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_REFER;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_REMOVE_DIR;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_REMOVE_FILE;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_TRUNCATE;
import static io.berth.core.linux.LandlockAccess.LANDLOCK_ACCESS_FS_WRITE_FILE;

import io.berth.core.linux.LandlockAccess;
import java.util.EnumSet;
import java.util.Set;

/** The kernel's rights behind each {@link Sandbox.Use}. */
final class Rights {
    static final Set<LandlockAccess> READ = EnumSet.of(LANDLOCK_ACCESS_FS_READ_FILE, LANDLOCK_ACCESS_FS_READ_DIR);
    static final Set<LandlockAccess> EXECUTE = with(LANDLOCK_ACCESS_FS_EXECUTE);
    static final Set<LandlockAccess> DEVICE = with(LANDLOCK_ACCESS_FS_WRITE_FILE, LANDLOCK_ACCESS_FS_IOCTL_DEV);
    static final Set<LandlockAccess> WRITE = with(
            LANDLOCK_ACCESS_FS_WRITE_FILE,
            LANDLOCK_ACCESS_FS_TRUNCATE,
            LANDLOCK_ACCESS_FS_MAKE_REG,
            LANDLOCK_ACCESS_FS_MAKE_DIR,
            LANDLOCK_ACCESS_FS_MAKE_SYM,
            LANDLOCK_ACCESS_FS_MAKE_SOCK,
            LANDLOCK_ACCESS_FS_REMOVE_FILE,
            LANDLOCK_ACCESS_FS_REMOVE_DIR,
            LANDLOCK_ACCESS_FS_REFER); // a rename from one directory to another

    private Rights() {}

    private static Set<LandlockAccess> with(LandlockAccess... more) {
        Set<LandlockAccess> rights = EnumSet.copyOf(READ);
        rights.addAll(Set.of(more));
        return rights;
    }
}
