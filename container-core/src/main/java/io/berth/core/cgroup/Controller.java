// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import java.util.Locale;

/** What Berth limits containers with; see cgroups(7). */
enum Controller {
    MEMORY,
    CPU,
    PIDS;

    /** As cgroup.controllers and mount options write it. */
    String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
