// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

/** Where a container stands in its life, as the agent sees it. */
public enum ContainerState {
    /** Storage exists, nothing runs. */
    STOPPED,
    /** Its init runs (it need not have finished booting). */
    RUNNING,
    /** All of its processes are frozen. */
    FROZEN,
    /** Half-made or half-deleted by an agent that died; the next start of the agent finishes or clears it. */
    BROKEN
}
