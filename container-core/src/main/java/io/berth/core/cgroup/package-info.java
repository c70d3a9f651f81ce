// SPDX-License-Identifier: Apache-2.0
/** A container's cgroup: limits, delegation, freezing, killing, usage, on cgroup v2 and on hosts that still have v1 controllers. */
@NullMarked
package io.berth.core.cgroup;

import org.jspecify.annotations.NullMarked;
