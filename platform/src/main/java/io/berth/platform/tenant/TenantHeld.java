// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import java.util.UUID;

/** What becomes of a tenant's containers, and of those of the tenants below, is ordered anew; published in the transaction that does it. */
public record TenantHeld(UUID id) {}
