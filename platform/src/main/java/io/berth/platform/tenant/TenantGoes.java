// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** A tenant is deleted for good; published in the transaction that does it, while it is still there. */
public record TenantGoes(Tenant tenant) {}
