// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.TenantName;
import java.util.UUID;

/** What other features need to know of a container to reach it. */
public record ContainerEntry(ContainerId id, String name, TenantName tenant, UUID tenantId) {}
