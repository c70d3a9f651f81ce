// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.LsmAttribute;
import java.util.Locale;

/** The types that a container's processes may have: those that policies ship for containers, and no other. */
public enum SelinuxType {
    /** container-selinux's, for containers that run systemd. */
    CONTAINER_INIT_T("container_file_t", LsmAttribute.LSM_ATTR_EXEC),
    /** container-selinux's, for any container. */
    CONTAINER_T("container_file_t", LsmAttribute.LSM_ATTR_EXEC),
    /** The reference policy's older name for it. */
    SVIRT_LXC_NET_T("svirt_sandbox_file_t", LsmAttribute.LSM_ATTR_EXEC),
    /** Of config/selinux/berth.cil, for policies that know none of the others. It may be taken in mid-flight. */
    BERTH_CONTAINER_T("berth_container_file_t", LsmAttribute.LSM_ATTR_CURRENT);

    private final String files;
    private final LsmAttribute taken;

    SelinuxType(String files, LsmAttribute taken) {
        this.files = files;
        this.taken = taken;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of its files. */
    String files() {
        return files;
    }

    /** When its policy lets a process take it: at an exec, or at once. */
    LsmAttribute taken() {
        return taken;
    }
}
