// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Volumes beside overlays, on whatever filesystem the pool is. Needs root. */
class OverlayVolumesIT {
    @Test
    void areSharedLockedAndHonestAboutTheirSize() throws IOException {
        TestNode test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
        VolumeId volume = new VolumeId(UUID.randomUUID());
        try {
            var spec = new VolumeSpec(new VolumeName("shared"), new TenantName("tests"), 64L << 20);
            assertThat(test.node().createVolume(volume, spec).disk().limited())
                    .as("said, as the passport says it of a container")
                    .isEqualTo(test.node().disk(test.create("plain")).disk().limited());
            ContainerId writer = test.create("writer");
            test.node().changeVolumes(writer, mounted(volume, false));
            test.node().start(writer);
            ContainerId reader = test.start("reader");
            test.node().changeVolumes(reader, mounted(volume, true));
            test.run(writer, "echo hers > /srv/data/file; chown 1000:1001 /srv/data/file");
            assertThat(test.run(reader, "stat -c %u:%g /srv/data/file; cat /srv/data/file")
                            .out())
                    .isEqualTo("1000:1001\nhers\n");
            assertThat(test.run(reader, "mount -o remount,bind,rw /srv/data || echo locked")
                            .out())
                    .isEqualTo("locked\n");
            assertThat(test.node().passport(reader).drift()).isEmpty();
            test.node().changeVolumes(reader, List.of());
            assertThat(test.run(reader, "ls /srv/data").out()).isEmpty();
        } finally {
            test.node().list().forEach(container -> test.remove(container.id()));
            test.node().deleteVolume(volume);
            test.close();
        }
    }

    private static List<VolumeMount> mounted(VolumeId volume, boolean readOnly) {
        return List.of(new VolumeMount(volume, new MountPath("/srv/data"), readOnly));
    }
}
