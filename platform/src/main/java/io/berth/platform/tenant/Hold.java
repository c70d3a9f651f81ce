// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** What becomes of a tenant's running containers while it is suspended. Their files stay either way. */
public enum Hold {
    /** Nothing in them runs, and all goes on where it was: their memory stays taken. */
    FREEZE,
    /** They are shut down, and started again after it. */
    STOP
}
