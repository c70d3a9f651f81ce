// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeSpec;

/** All that the agent must remember of a volume, one file each. Which containers have it is in their records. */
record VolumeRecord(VolumeId id, VolumeSpec spec, Phase phase) {
    enum Phase {
        /** Its files may not be there yet. */
        CREATING,
        /** Complete, and on disk. */
        READY,
        /** Its deletion was accepted, and will be finished whatever happens. */
        DELETING
    }

    VolumeRecord with(Phase next) {
        return new VolumeRecord(id, spec, next);
    }

    VolumeRecord with(VolumeSpec changed) {
        return new VolumeRecord(id, changed, phase);
    }
}
