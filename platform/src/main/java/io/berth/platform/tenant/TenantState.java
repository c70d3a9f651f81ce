// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** Whether a tenant may use the platform. */
public enum TenantState {
    ACTIVE,
    /** Logins are off and nothing can be changed; what is there stays. */
    SUSPENDED
}
