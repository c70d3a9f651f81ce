// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** What a member is in a tenant. */
public enum Role {
    /** Everything that a member may, and the members themselves. */
    OWNER,
    /** Containers and keys. */
    MEMBER
}
