// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Fd;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.VolumeId;
import java.util.UUID;

/**
 * Who bytes of the pool are charged to: a container, with its snapshots, or a volume.
 *
 * @param home the pool's directory that its own tree lies in
 */
record Owner(UUID id, Fd home) {
    static Owner of(PoolDirectories pool, ContainerId container) {
        return new Owner(container.value(), pool.containers());
    }

    static Owner of(PoolDirectories pool, VolumeId volume) {
        return new Owner(volume.value(), pool.volumes());
    }

    /** Of its tree in there. */
    String name() {
        return id.toString();
    }
}
