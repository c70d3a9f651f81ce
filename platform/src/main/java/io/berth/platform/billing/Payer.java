// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.tenant.Tenant;
import java.util.UUID;

/** Whose an invoice is: a tenant, also one that is there no more. */
record Payer(UUID id, String name) {
    static Payer of(Tenant tenant) {
        return new Payer(tenant.id(), tenant.name());
    }
}
