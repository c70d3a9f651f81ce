// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container that an operator has cut off: frozen, without a network, closed to logins and to every verb but release.
 *
 * @param reason why, in the operator's words
 * @param since when it was asked for
 * @param snapshot its files as they were then; null while that is being taken, or when it could not be
 * @param trouble why there is no snapshot, in words; null when there is one or it is under way
 */
public record QuarantineStatus(
        QuarantineReason reason,
        Instant since,
        @Nullable SnapshotId snapshot,
        @Nullable String trouble) {}
