// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import java.util.UUID;

/** A tenant has come to have more than its soft limit; published in the transaction, heard after its commit. */
public record QuotaWarning(UUID tenantId, String tenant, Resource resource, long used, long soft) {}
