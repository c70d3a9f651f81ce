// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.Limits;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The limit of the disk of an overlay pool on an ext4 with project quotas. Needs root and a kernel with CONFIG_QFMT_V2: this machine's
 * where it has that, else the VM lab's (tests/lab/run).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProjectQuotaIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long MIB = 1L << 20;
    private static final Limits LOW = new Limits(256 * MIB, 1000, 128, 64 * MIB);
    private static final Path POOL = Path.of("/var/tmp/berth-it-overlay"); // TestNode's
    private static final Path DISK = Path.of("/var/tmp/berth-it-quota.ext4");

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        sh("umount -R " + POOL + " 2>/dev/null; rm -f " + DISK + "; mkdir -p " + POOL);
        boolean isMounted = sh("truncate -s 1G " + DISK + " && mkfs.ext4 -q -O project,quota -E quotatype=prjquota "
                + DISK + " && mount -o loop,prjquota " + DISK + " " + POOL);
        assumeTrue(
                Boolean.getBoolean("berth.lab") || isMounted,
                "the kernel has no project quotas on ext4 (CONFIG_QFMT_V2); ./berth test -Plab runs this in the VM lab");
        assertThat(isMounted).isTrue();
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
    }

    @AfterAll
    void close() throws IOException {
        if (test != null) {
            test.close();
            assertThat(sh("umount " + POOL)).isTrue();
        }
        Files.deleteIfExists(DISK);
    }

    private static boolean sh(String command) {
        try {
            return new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ContainerId box(String name) {
        ContainerId id = test.create(name, LOW);
        test.node().start(id);
        return id;
    }

    private String fill(ContainerId id, String file, int mebibytes) {
        return test.run(id, "dd if=/dev/zero of=/root/" + file + " bs=1M count=" + mebibytes + " 2>&1; sync")
                .out();
    }

    private DiskStatus disk(ContainerId id) {
        DiskStatus disk = test.node().disk(id).disk();
        assertThat(disk.limited()).isTrue();
        return disk;
    }

    private long bytes(ContainerId id) {
        return Objects.requireNonNull(disk(id).bytes());
    }

    private SnapshotId taken(ContainerId id) {
        SnapshotId snapshot = SnapshotId.at(Instant.now(), new Random());
        test.node()
                .takeSnapshot(
                        id, snapshot, new SnapshotName("s" + snapshot.takenAt().toEpochMilli()));
        return snapshot;
    }

    @Test
    void whoFillsTheDiskHarmsNobodyElse() throws IOException {
        ContainerId neighbour = box("neighbour");
        ContainerId hog = box("hog");
        Probe.install(test, hog);
        try (Attachment bomb = test.attach(hog, "root", "exec /usr/bin/probe bomb disk 200", null)) {
            assertThat(new String(FileCalls.read(bomb.fds().get(2), 100), UTF_8).strip())
                    .endsWith("EDQUOT");
            assertThat(bytes(hog)).isBetween(56 * MIB, 64 * MIB);
            assertThat(fill(neighbour, "file", 20)).doesNotContain("quota exceeded");
            assertThat(bytes(neighbour)).isBetween(20 * MIB, 24 * MIB);
        }
        assertThat(test.node().usage(hog).disk()).isEqualTo(disk(hog));
        assertThat(test.run(hog, "rm -f /root/* && echo it deletes").out()).isEqualTo("it deletes\n");
    }

    @Test
    void whoFillsItWithInodesHarmsNobodyElse() {
        ContainerId neighbour = box("neighbour");
        ContainerId hog = box("hog");
        assertThat(test.run(hog, "mkdir /root/d; cd /root/d; i=0; while : > f$i; do i=$((i+1)); done")
                        .err())
                .contains("uota exceeded");
        assertThat(disk(hog).inodes()).isEqualTo(64 * MIB / (16 << 10));
        assertThat(bytes(hog)).isLessThan(16 * MIB);
        assertThat(test.run(neighbour, ": > /root/file && echo made").out()).isEqualTo("made\n");
    }

    @Test
    void snapshotsAndRestoresCountAndAreRefusedWhereTheyDoNotFit() {
        ContainerId id = box("box");
        fill(id, "file", 20);
        SnapshotId snapshot = taken(id);
        assertThat(bytes(id)).isBetween(40 * MIB, 46 * MIB);
        fill(id, "other", 15);
        assertThatThrownBy(() -> taken(id)).hasMessageContaining("limits.diskBytes");
        assertThat(test.node().snapshots(id)).hasSize(1);
        await().atMost(LONG) // it goes by way of the trash
                .untilAsserted(() ->
                        assertThat(bytes(id)).as("nothing half-made is left").isLessThan(62 * MIB));
        test.run(id, "rm /root/other");
        test.node().restore(id, snapshot);
        assertThat(test.run(id, "wc -c < /root/file").out()).isEqualTo(20 * MIB + "\n");
        test.node().deleteSnapshot(id, snapshot);
    }

    @Test
    void aCopyHasALimitOfItsOwn() {
        ContainerId id = box("box");
        fill(id, "file", 20);
        ContainerId copy = new ContainerId(UUID.randomUUID());
        test.node().copy(copy, test.status(id).spec().with(new ContainerName("copy")), id, null);
        test.node().start(copy);
        assertThat(bytes(copy)).isBetween(20 * MIB, 24 * MIB);
        assertThat(fill(copy, "more", 60)).contains("uota exceeded");
        assertThat(bytes(id)).isBetween(20 * MIB, 24 * MIB);
    }

    @Test
    void containerRootLeavesItsProjectByNoMeans() {
        ContainerId id = box("box");
        fill(id, "file", 20);
        assertThat(test.run(id, "chattr -p 0 /root/file; chattr -p 77 /root; mv /root/file /moved; cp /moved /root")
                        .err())
                .isNotEmpty();
        assertThat(bytes(id)).isBetween(40 * MIB, 46 * MIB);
        assertThat(fill(id, "more", 60)).contains("uota exceeded");
    }

    @Test
    void resizingMovesTheLimitAndThePassportShowsIt() {
        ContainerId id = box("box");
        assertThat(line(id).found()).isEqualTo(Long.toString(64 * MIB));
        test.node().resize(id, new Limits(256 * MIB, 1000, 128, 100 * MIB));
        assertThat(line(id).found()).isEqualTo(Long.toString(100 * MIB));
        assertThat(line(id).differs()).isFalse();
        assertThat(fill(id, "file", 80)).doesNotContain("uota exceeded");
        test.reopen();
        assertThat(line(id).found()).isEqualTo(Long.toString(100 * MIB));
        assertThatThrownBy(() -> test.node().resize(id, LOW)).hasMessageContaining("delete files or snapshots");
    }

    private PassportLine line(ContainerId id) {
        return test.node().passport(id).lines().stream()
                .filter(line -> line.item().equals("disk.limit"))
                .findFirst()
                .orElseThrow();
    }
}
