// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** What a member is in a tenant. */
public enum Role {
    /** Everything, and who else is an owner. */
    OWNER,
    /** Everything but what concerns owners. */
    ADMIN,
    /** A developer: containers and keys. */
    MEMBER,
    /** Looks, sees what it costs, and says whom invoices are to. */
    BILLING,
    /** Looks, and changes nothing. */
    READ_ONLY;

    /** The table of who may do what. */
    boolean may(Permission permission) {
        return switch (permission) {
            case READ -> true;
            case WRITE -> this == OWNER || this == ADMIN || this == MEMBER;
            case MANAGE_MEMBERS, READ_AUDIT, MANAGE_RECORDINGS -> this == OWNER || this == ADMIN;
            case SEE_COSTS, SETTLE -> this == OWNER || this == BILLING;
            case MANAGE_OWNERS, MANAGE_ENDPOINTS, SET_BUDGET -> this == OWNER;
        };
    }
}
