// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    @Test
    void readsALineWithAndWithoutOptionalFields() {
        MountTable.Entry shared = MountTable.parse(
                "36 35 98:0 /root /mnt/a\\040b rw,nosuid,nodev shared:7 master:1 - ext4 /dev/root rw,errors=continue");
        MountTable.Entry alone = MountTable.parse("36 35 7:0 / /pool rw,nosuid - btrfs /dev/loop0 rw,space_cache=v2");
        assertThat(shared)
                .isEqualTo(new MountTable.Entry(
                        "98:0", "/root", Path.of("/mnt/a b"), Set.of("rw", "nosuid", "nodev"), "ext4", "/dev/root"));
        assertThat(shared.isHardened()).isTrue();
        assertThat(alone.type()).isEqualTo("btrfs");
        assertThat(alone.isHardened()).isFalse();
    }
}
