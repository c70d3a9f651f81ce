// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

/** What an operator of the platform is there for. */
public enum OperatorRole {
    /** Everything, and who else is an operator. */
    ADMIN,
    /** Looks, reads the trail, and gives tenants room: quotas, and sources that gateways refuse. */
    SUPPORT,
    /** Prices, plans, invoices, payments, credit. */
    BILLING,
    /** Looks at everything, the trail and what things cost included, and changes nothing. */
    AUDITOR,
    /** Looks, and changes nothing. */
    READ_ONLY;

    /** The table of who has which power. */
    public boolean has(OperatorPower power) {
        return switch (power) {
            case LOOK -> true;
            case READ_AUDIT -> this == ADMIN || this == SUPPORT || this == AUDITOR;
            case SEE_COSTS -> this == ADMIN || this == BILLING || this == AUDITOR;
            case BILL -> this == ADMIN || this == BILLING;
            case HELP -> this == ADMIN || this == SUPPORT;
            case ADMINISTER -> this == ADMIN;
        };
    }
}
