// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.Errno;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Sys;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.Limits;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the limit of the disk holds against, besides a file that grows (BombIT): snapshots, copies, restores, subvolumes. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskLimitIT {
    private static final long MIB = 1L << 20;
    private static final Limits LOW = new Limits(256 * MIB, 1000, 128, 64 * MIB);

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.BTRFS, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    private ContainerId box() {
        ContainerId id = test.create("box", LOW);
        test.node().start(id);
        return id;
    }

    private String fill(ContainerId id, String file, int mebibytes) {
        return test.run(id, "dd if=/dev/urandom of=/root/" + file + " bs=1M count=" + mebibytes + " 2>&1; sync")
                .out();
    }

    private long used(ContainerId id) {
        DiskStatus disk = test.node().disk(id).disk();
        Long bytes = disk.bytes();
        assertThat(disk.limited()).isTrue();
        assertThat(bytes).isNotNull();
        return bytes == null ? 0 : bytes;
    }

    private SnapshotId taken(ContainerId id) {
        SnapshotId snapshot = SnapshotId.at(Instant.now(), new Random());
        test.node()
                .takeSnapshot(
                        id, snapshot, new SnapshotName("s" + snapshot.takenAt().toEpochMilli()));
        return snapshot;
    }

    @Test
    void whatIsCountedIsWhatIsWritten() {
        ContainerId id = box();
        assertThat(used(id)).as("of a new one").isLessThan(2 * MIB);
        fill(id, "file", 40);
        long du = Long.parseLong(test.run(id, "du -k /root/file").out().split("\\s", 2)[0]) * 1024;
        assertThat(du).isEqualTo(40 * MIB);
        assertThat((double) used(id)).isBetween(du * 1.0, du * 1.01 + 2 * MIB);
        test.run(id, "rm /root/file; sync");
        assertThat(used(id)).isLessThan(4 * MIB);
    }

    @Test
    void thePassportShowsTheLimitAndWhoeverTookItAway() throws IOException {
        ContainerId id = box();
        assertThat(limitLine(id).found()).isEqualTo(Long.toString(64 * MIB));
        assertThat(limitLine(id).differs()).isFalse();
        test.node().resize(id, new Limits(256 * MIB, 1000, 128, 80 * MIB));
        assertThat(limitLine(id).found()).isEqualTo(Long.toString(80 * MIB));
        assertThat(limitLine(id).differs()).isFalse();
        long group = id.value().getLeastSignificantBits() & ((1L << 48) - 1);
        String pool = test.settings().stateDir().resolve("pool").toString();
        assertThat(new ProcessBuilder("btrfs", "qgroup", "limit", "none", "1/" + group, pool)
                        .inheritIO()
                        .start()
                        .onExit()
                        .join()
                        .exitValue())
                .isZero();
        assertThat(limitLine(id).found()).isEqualTo("none");
        assertThat(limitLine(id).differs()).isTrue();
    }

    private PassportLine limitLine(ContainerId id) {
        return test.node().passport(id).lines().stream()
                .filter(line -> line.item().equals("disk.limit"))
                .findFirst()
                .orElseThrow();
    }

    /** At its limit it writes nothing more, and deletes; nobody else notices, and the figures show who it was. */
    @ParameterizedTest
    @CsvSource({
        "disk,   200",
        "link, 60000" // metadata counts: so many small files are bounded by the bytes that they take
    })
    void whoFillsTheDiskHarmsNobodyElse(String kind, int most) throws IOException {
        ContainerId neighbour = test.start("neighbour");
        ContainerId hog = box();
        Probe.install(test, hog);
        try (Attachment bomb = test.attach(hog, "root", "exec /usr/bin/probe bomb " + kind + " " + most, null)) {
            assertThat(new String(FileCalls.read(bomb.fds().get(2), 100), UTF_8).strip())
                    .endsWith("EDQUOT");
            assertThat(fill(neighbour, "file", 20)).doesNotContain("quota exceeded");
            assertThat(used(hog)).isBetween(56 * MIB, 64 * MIB);
            assertThat(used(neighbour)).isBetween(20 * MIB, 24 * MIB);
            assertThat(test.node().usage(hog).disk())
                    .isEqualTo(test.node().disk(hog).disk());
        }
        assertThat(test.run(hog, "rm -rf /hog /root && sync && echo more > /file")
                        .exit()
                        .code())
                .isZero();
        assertThat(used(hog)).isLessThan(16 * MIB);
        assertThat(test.node().restart(hog, Duration.ZERO).state()).isEqualTo(ContainerState.RUNNING);
    }

    @Test
    void whatSnapshotsKeepCountsUntilTheyAreDeleted() {
        ContainerId id = box();
        fill(id, "file", 40);
        SnapshotId snapshot = taken(id);
        assertThat(used(id)).as("a snapshot by itself").isLessThan(44 * MIB);
        assertThat(test.run(id, "rm /root/file; sync").exit().code()).isZero();
        assertThat(fill(id, "second", 40)).contains("quota exceeded");
        test.node().restore(id, snapshot);
        assertThat(fill(id, "third", 40)).as("after a restore").contains("quota exceeded");
        assertThat(test.run(id, "rm /root/*; sync").exit().code()).isZero();
        test.node().deleteSnapshot(id, snapshot);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            test.run(id, "sync");
            return used(id) < 8 * MIB;
        });
        assertThat(fill(id, "fourth", 40)).doesNotContain("quota exceeded");
    }

    /** Copying and deleting the original again and again would keep everything and be charged for nothing. */
    @Test
    void aCopyIsChargedForWhatItBeganWith() {
        ContainerId id = box();
        fill(id, "file", 40);
        ContainerId copy = new ContainerId(UUID.randomUUID());
        ContainerSpec spec = test.status(id).spec().with(new ContainerName("copy"));
        test.node().copy(copy, spec, id, null);
        assertThat(used(copy)).isBetween(40 * MIB, 46 * MIB);
        test.node().start(copy);
        test.node().delete(id);
        assertThat(fill(copy, "more", 40)).contains("quota exceeded");
        ContainerId third = new ContainerId(UUID.randomUUID());
        assertThatThrownBy(() -> test.node().copy(third, spec.with(new ContainerName("third")), copy, null))
                .hasMessageContaining("limits.diskBytes");
        test.node().resize(copy, new Limits(256 * MIB, 1000, 128, 128 * MIB));
        assertThat(fill(copy, "more", 40)).doesNotContain("quota exceeded");
        assertThatThrownBy(() -> test.node().resize(copy, LOW)).hasMessageContaining("delete files or snapshots first");
        test.reopen();
        assertThat(used(copy)).as("the next agent knows").isGreaterThan(80 * MIB);
        assertThat(fill(copy, "most", 80)).contains("quota exceeded");
    }

    /** A subvolume can be born in no group, by BTRFS_SUBVOL_QGROUP_INHERIT. */
    @Test
    void nobodyMakesSubvolumesInside() {
        ContainerId id = box();
        long[] requests = {0x50009401L, 0x5000940EL, 0x50009417L, 0x50009418L, 0xffff_ffff_5000_9418L};
        for (long request : requests) {
            assertThat(test.run(
                                    id,
                                    Program.install("/root/probe", Sys.IOCTL, 0L, request, Program.ADDRESS_OF_ONE)
                                            + " && /root/probe < /root")
                            .exit()
                            .code())
                    .as("ioctl %x", request)
                    .isEqualTo(Errno.ENOTTY.number());
        }
    }
}
