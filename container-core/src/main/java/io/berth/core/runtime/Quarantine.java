// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.QuarantineStatus;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * That a container is cut off, as its record has it.
 *
 * @param wasFrozen whether its owner had frozen it before; then it stays so when it is released
 * @param snapshot chosen at the beginning, so that taking it again after a crash takes the same one
 * @param taken whether the snapshot is complete
 * @param trouble why it is not, in words
 * @param releasing whether the operator has let it go and the rest is to be done
 */
record Quarantine(
        QuarantineReason reason,
        Instant since,
        boolean wasFrozen,
        SnapshotId snapshot,
        boolean taken,
        @Nullable String trouble,
        boolean releasing) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_REASON = 200; // spec.QuarantineReason

    static Quarantine begin(QuarantineReason reason, Instant now, boolean wasFrozen) {
        return new Quarantine(reason, now, wasFrozen, SnapshotId.at(now, RANDOM), false, null, false);
    }

    /** What a container's owner reads when it was policy that cut it off. */
    static QuarantineReason reason(List<PassportLine> drift) {
        String items = drift.stream().map(PassportLine::item).collect(Collectors.joining(", "));
        String words = "it is not isolated as policy wants: " + items;
        return new QuarantineReason(
                words.length() <= MOST_REASON ? words : words.substring(0, MOST_REASON - 3) + "...");
    }

    Quarantine withSnapshot() {
        return new Quarantine(reason, since, wasFrozen, snapshot, true, null, releasing);
    }

    Quarantine withTrouble(String words) {
        String shortened = words.length() <= MOST_CHARACTERS ? words : words.substring(0, MOST_CHARACTERS) + "…";
        return new Quarantine(reason, since, wasFrozen, snapshot, false, shortened, releasing);
    }

    Quarantine withReleasing(boolean releasing) {
        return new Quarantine(reason, since, wasFrozen, snapshot, taken, trouble, releasing);
    }

    static @Nullable QuarantineStatus status(@Nullable Quarantine quarantine) {
        return quarantine == null
                ? null
                : new QuarantineStatus(
                        quarantine.reason,
                        quarantine.since,
                        quarantine.taken ? quarantine.snapshot : null,
                        quarantine.trouble);
    }
}
