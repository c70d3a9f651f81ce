// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import java.util.UUID;

/** A tenant's grace is over: what it still has is to go. Published again and again until nothing is left. */
public record TenantDue(UUID id) {}
