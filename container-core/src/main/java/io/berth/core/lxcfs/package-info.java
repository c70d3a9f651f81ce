// SPDX-License-Identifier: Apache-2.0
/** What a container's /proc and /sys tell of its limits: one lxcfs(1) for all containers, and its files over the kernel's own. */
@NullMarked
package io.berth.core.lxcfs;

import org.jspecify.annotations.NullMarked;
