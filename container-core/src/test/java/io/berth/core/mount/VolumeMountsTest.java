// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeMountsTest {
    @Test
    void findsVolumesByFilesystemAndRoot() {
        String mountinfo = """
                1 0 0:40 /containers/a / rw,relatime - btrfs /dev/loop0 rw
                2 1 0:40 /volumes/v1 /srv rw,nosuid,nodev - btrfs /dev/loop0 rw
                3 1 0:40 /volumes/v2/below/it /mnt/a\\040b\\134 ro,nosuid - btrfs /dev/loop0 rw
                4 1 0:41 /volumes/v3 /other rw - btrfs /dev/loop1 rw
                5 1 0:40 /containers/a/volumes/v4 /own rw - btrfs /dev/loop0 rw
                """;
        VolumeMounts mounts = VolumeMounts.of(mountinfo, "0:40", "/volumes/");
        assertThat(mounts.all())
                .containsExactly(
                        new VolumeMounts.Mount("v1", "", "/srv", List.of("rw", "nosuid", "nodev")),
                        new VolumeMounts.Mount("v2", "below/it", "/mnt/a b\\", List.of("ro", "nosuid")));
        assertThat(mounts.all()).extracting(VolumeMounts.Mount::isReadOnly).containsExactly(false, true);
    }
}
