// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

/** What operators may do beyond what anybody may; which role has which, {@link OperatorRole} says. */
public enum OperatorPower {
    /** See every tenant, container, operation and node as a member who only looks does. */
    LOOK,
    /** Read who did what, over REST and SSH, in every tenant. */
    READ_AUDIT,
    /** See prices, invoices and what each tenant costs. */
    SEE_COSTS,
    /** Change these. */
    BILL,
    /** Change quotas, and which sources the gateways refuse. */
    HELP,
    /** Everything else: accounts, tenants, nodes, images, quarantine, policy, and all that a tenant's owners may. */
    ADMINISTER
}
