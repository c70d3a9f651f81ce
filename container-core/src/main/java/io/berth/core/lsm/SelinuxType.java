// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import java.util.Locale;

/** The types that a container's processes may have: those that policies ship for containers, and no other. */
public enum SelinuxType {
    /** container-selinux's, for containers that run systemd. */
    CONTAINER_INIT_T,
    /** container-selinux's, for any container. */
    CONTAINER_T,
    /** The reference policy's older name for it. */
    SVIRT_LXC_NET_T;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
