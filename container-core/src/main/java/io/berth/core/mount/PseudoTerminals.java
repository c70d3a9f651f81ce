// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.MountAttr;

/** A container's own devpts instance: its terminals are numbered from 0 and no other container's can be named. */
public final class PseudoTerminals {
    /** Group tty inside, as Debian and most others number it. */
    private static final int TTY_GROUP = 5;

    /** kernel.pty.max is shared by all containers and the host: none may take it whole. */
    private static final String MOST_TERMINALS = "256";

    private PseudoTerminals() {}

    /**
     * A detached mount, see Documentation/filesystems/devpts.rst. Slaves belong to whoever opens the master, so that users have
     * terminals of their own (tmux, script), and to the container's group tty.
     */
    public static Fd mount(long uidBase) {
        try (FilesystemContext devpts = FilesystemContext.fsopen("devpts")) {
            return devpts.set("source", "devpts")
                    .set("gid", Long.toString(uidBase + TTY_GROUP))
                    .set("mode", "620")
                    .set("ptmxmode", "666")
                    .set("max", MOST_TERMINALS)
                    .fsmount(MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NOEXEC);
        }
    }
}
