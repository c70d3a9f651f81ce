// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.tenant.TenantCreated;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A tenant below another one counts as one of those that the other may make. */
@Component
class TenantAdmission {
    private final Quota quota;

    TenantAdmission(Quota quota) {
        this.quota = quota;
    }

    @EventListener
    void admit(TenantCreated created) {
        UUID parent = created.parentId();
        if (parent != null) {
            quota.admit(parent, Growth.TENANT);
        }
    }
}
