// SPDX-License-Identifier: Apache-2.0
/** Processes: their identity beyond a pid, how they ended, who they are inside a container, and the monitor that outlives the agent. */
@NullMarked
package io.berth.core.process;

import org.jspecify.annotations.NullMarked;
