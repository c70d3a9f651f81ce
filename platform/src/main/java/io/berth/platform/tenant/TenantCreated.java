// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant was made; published in the transaction that makes it, so that whoever hears it can still refuse.
 *
 * @param parentId null for none
 */
public record TenantCreated(UUID id, @Nullable UUID parentId) {}
