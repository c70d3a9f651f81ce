// SPDX-License-Identifier: Apache-2.0
/** What the host's security module adds to a container's walls: an AppArmor profile or an SELinux label of its own, or nothing, said aloud. */
@NullMarked
package io.berth.core.lsm;

import org.jspecify.annotations.NullMarked;
