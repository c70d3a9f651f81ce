// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** What somebody wants to do in a tenant. */
public enum Permission {
    /** Look. */
    READ,
    /** Change containers and keys; not while the tenant is suspended. */
    WRITE,
    /** Change who is a member. */
    MANAGE_MEMBERS
}
