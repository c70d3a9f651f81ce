// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** What somebody wants to do in a tenant. */
public enum Permission {
    /** Look. */
    READ,
    /** See what it costs; while the tenant is suspended, too. */
    SEE_COSTS,
    /** Say whom invoices are to, and redeem coupons; while the tenant is suspended, too. */
    SETTLE,
    /** Say what it may cost, and what happens then; while the tenant is suspended, too. */
    SET_BUDGET,
    /** Change containers and keys; not while the tenant is suspended. */
    WRITE,
    /** Change who is a member. */
    MANAGE_MEMBERS,
    /** Read who did what; while the tenant is suspended, too. */
    READ_AUDIT,
    /** Say whether terminals are recorded, and delete recordings. */
    MANAGE_RECORDINGS,
    /** Say where what happens is told, what it costs included. */
    MANAGE_ENDPOINTS,
    /** Change who is an owner, and make tenants below. */
    MANAGE_OWNERS
}
