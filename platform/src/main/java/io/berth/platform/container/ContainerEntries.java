// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.TenantName;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import org.springframework.stereotype.Component;

/** Finds containers for other features, for callers who may. */
@Component
public class ContainerEntries {
    private final Containers containers;
    private final TenantAccess access;
    private final Looks looks;

    ContainerEntries(Containers containers, TenantAccess access, Looks looks) {
        this.containers = containers;
        this.access = access;
        this.looks = looks;
    }

    /** @throws ProblemException when the caller may not see it */
    public ContainerEntry find(Caller caller, String tenant, String idOrName) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        return entry(owner, containers.get(owner, idOrName));
    }

    /**
     * For what goes into the container. It costs one of the tenant's looks at the node.
     *
     * @throws ProblemException when the caller may not change it, it is in quarantine, or the tenant asks too often
     */
    public ContainerEntry enter(Caller caller, String tenant, String idOrName) {
        Tenant owner = access.require(caller, tenant, Permission.WRITE);
        Container found = containers.get(owner, idOrName);
        Quarantine quarantine = found.quarantine();
        if (quarantine != null) {
            throw new ProblemException(
                    ProblemKind.QUARANTINED,
                    "container '" + found.name() + "' is in quarantine: " + quarantine.reason()
                            + "; contact the platform's operator");
        }
        looks.admit(caller, owner);
        return entry(owner, found);
    }

    private static ContainerEntry entry(Tenant owner, Container found) {
        return new ContainerEntry(found.containerId(), found.name(), new TenantName(owner.name()), owner.id());
    }
}
