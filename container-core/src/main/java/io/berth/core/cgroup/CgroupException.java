// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

/** The machine's cgroups, or a container's, don't allow what was asked; the message has the cure. */
public final class CgroupException extends RuntimeException {
    CgroupException(String message) {
        super(message);
    }

    CgroupException(String message, Throwable cause) {
        super(message, cause);
    }
}
