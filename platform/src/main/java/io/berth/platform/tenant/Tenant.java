// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import java.time.Instant;
import java.util.UUID;

/** One tenant. */
public record Tenant(UUID id, String name, TenantState state, Instant createdAt) {}
