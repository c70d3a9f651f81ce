// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Starts a container because somebody logs in to it: the same verb, with the same checks, as over REST. */
@Component
public class ContainerWakes {
    private final ContainerVerbs verbs;
    private final TenantAccess access;

    ContainerWakes(ContainerVerbs verbs, TenantAccess access) {
        this.verbs = verbs;
        this.access = access;
    }

    /** @param caller who answers for it */
    @Transactional
    public Operation wake(Caller caller, UUID tenant, UUID container) {
        var address = new ContainerVerbs.Address(
                access.require(caller, tenant, Permission.WRITE), container.toString(), null);
        return verbs.verb(caller, address, OperationKind.CONTAINER_START, DesiredState.RUNNING, Map.of());
    }
}
