// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.TreeCalls;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both drivers on a real kernel; needs root. */
final class StorageIT {
    private static final long POOL_BYTES = 512L << 20;
    private static final ImageId IMAGE = new ImageId("sha256:" + "a1".repeat(32));
    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"), "berth-it-storage");

    private final List<StorageDriver> open = new ArrayList<>();

    private StorageDriver prepared(StorageKind kind) throws IOException {
        Path pool = SCRATCH.resolve(kind.name()).resolve("pool");
        StorageDriver.open(kind, pool, POOL_BYTES).release(); // of a test run that was killed
        Program.run(List.of("rm", "-rf", "--one-file-system", SCRATCH.toString()));
        StorageDriver driver = reopened(kind);
        image(driver);
        return driver;
    }

    private StorageDriver reopened(StorageKind kind) {
        StorageDriver driver =
                StorageDriver.open(kind, SCRATCH.resolve(kind.name()).resolve("pool"), POOL_BYTES);
        driver.prepare();
        open.add(driver);
        return driver;
    }

    private static void image(StorageDriver driver) {
        try (Fd tree = driver.newTree("it")) {
            FileCalls.mkdirat(tree, "etc", 0755);
            try (Fd file = FileCalls.openat(tree, "etc/hello", 0644, OpenFlag.O_CREAT, OpenFlag.O_WRONLY)) {
                FileCalls.writeAll(file, "hello\n".getBytes(StandardCharsets.UTF_8));
            }
            FileCalls.mkdirat(tree, "home", 0755);
            FileCalls.fchownat(tree, "home", 1000, 1000);
        }
        driver.keepTree("it", IMAGE);
    }

    private static ContainerId newId() {
        return new ContainerId(UUID.randomUUID());
    }

    private static ContainerId created(StorageDriver driver) {
        ContainerId id = newId();
        driver.create(id, IMAGE);
        return id;
    }

    private static String run(StorageDriver driver, Guest guest, ContainerId id, String script) throws IOException {
        try (Fd rootfs = driver.mountRootfs(id, guest.userNamespace(), guest.uidBase(), null)) {
            Guest.Result result = guest.run(rootfs, script);
            assertThat(result.status()).as("%s: %s", script, result.output()).isEqualTo(new ExitStatus.Exited(0));
            return result.output();
        }
    }

    /** Where the driver keeps what a container wrote. */
    private static Path written(StorageDriver driver, ContainerId id) {
        Path container = driver.mount.pool().resolve("containers").resolve(id.toString());
        return driver instanceof OverlayDriver ? container.resolve("upper") : container;
    }

    @AfterEach
    void releaseAll() throws IOException {
        for (StorageDriver driver : open) {
            driver.release();
            assertThat(MountTable.at(driver.mount.pool())).isEmpty();
        }
        assertThat(Program.run(List.of("losetup", "--list", "--noheadings", "--output", "BACK-FILE")))
                .doesNotContain(SCRATCH.toString());
        Program.run(List.of("rm", "-rf", "--one-file-system", SCRATCH.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void rootInTheNamespaceSeesAndMakesIdsOfItsOwn(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            assertThat(run(driver, guest, id, "stat -c %u:%g etc/hello home; cat etc/hello"))
                    .isEqualTo("0:0\n1000:1000\nhello");
            run(driver, guest, id, "echo more >> etc/hello; echo x > mine; chown 1000:1000 mine");
        }
        try (Guest other = new Guest(700_121_088L)) {
            assertThat(run(driver, other, id, "stat -c %u:%g mine etc/hello; tail -n 1 etc/hello"))
                    .isEqualTo("1000:1000\n0:0\nmore");
        }
        FileStatus onDisk = FileCalls.statx(
                Fd.AT_FDCWD, written(driver, id).resolve("mine").toString(), AtFlag.AT_SYMLINK_NOFOLLOW);
        assertThat(List.of(onDisk.uid(), onDisk.gid())).containsExactly(1000, 1000);
    }

    @ParameterizedTest
    @EnumSource
    void whatOneContainerWritesNoOtherSees(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId first = created(driver);
        ContainerId second = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, first, "echo changed > etc/hello");
            assertThat(run(driver, guest, second, "cat etc/hello")).isEqualTo("hello");
        }
        try (Fd tree = driver.openImage(IMAGE);
                Fd file = FileCalls.openat(tree, "etc/hello", OpenFlag.O_RDONLY)) {
            assertThat(FileCalls.readAll(file)).asString(StandardCharsets.UTF_8).isEqualTo("hello\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfTheImageCanBeRenamed(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            String rename = "perl -e 'rename(\"etc\", \"moved\") or die $!'; cat moved/hello";
            assertThat(run(driver, guest, id, rename)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void setuidWorksInTheContainerAndNeverOnTheHost(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, id, "cp /usr/bin/id ./id; chmod 4755 id");
            assertThat(run(driver, guest, id, "setpriv --reuid 1000 --clear-groups ./id -u"))
                    .isEqualTo("0");
        }
        // a real setuid-root file on the host: CVE-2025-64507. Root may get to it, and its mount takes the bit away
        Path file = written(driver, id).resolve("id");
        assertThat(Files.getOwner(file).getName()).isEqualTo("root");
        assertThat(MountTable.at(driver.mount.pool()).orElseThrow().isHardened())
                .isTrue();
        // by way of a shell: setpriv itself still has root's capabilities when it looks for the file
        List<String> nobody = List.of("setpriv", "--reuid", "65534", "--clear-groups", "sh", "-c", file + " -u");
        assertThatThrownBy(() -> Program.run(nobody)).hasMessageContaining("Permission denied");
        String throughFd = "exec 3<" + file + "; exec setpriv --reuid 65534 --clear-groups /proc/self/fd/3 -u";
        assertThat(Program.run(List.of("sh", "-c", throughFd))).isEqualTo("65534");
    }

    @ParameterizedTest
    @EnumSource
    void manyContainersCanBeMadeAtOnce(StorageKind kind) throws Exception {
        StorageDriver driver = prepared(kind);
        List<ContainerId> ids = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<ContainerId>> made = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                made.add(threads.submit(() -> created(driver)));
            }
            for (Future<ContainerId> one : made) {
                ids.add(one.get());
            }
        }
        assertThat(driver.leftovers(Set.of())).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(driver.leftovers(Set.copyOf(ids))).isEmpty();
        driver.create(ids.getFirst(), IMAGE); // asked for twice, made once
    }

    @ParameterizedTest
    @EnumSource
    void deletingFollowsNoLinkAndLeavesNothing(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        Path outside = Files.createDirectories(SCRATCH.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "precious");
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            String hostile = "ln -s " + outside + " link; ln -s .. up; mkdir -p deep; cd deep; ln -s " + outside
                    + " link; i=0; while [ $i -lt 300 ]; do mkdir d; cd d; ln -s ../../.. l; i=$((i+1)); done";
            run(driver, guest, id, hostile);
            // a tree in the place of one of our own directories' names
            run(driver, guest, id, "mkdir work upper image 2>/dev/null; ln -s / upper/root; ln -s / work/root");
        }
        driver.delete(id);
        assertThat(driver.exists(id)).isFalse();
        driver.delete(id);
        driver.awaitEmptyTrash();
        assertThat(driver.mount.pool().resolve("trash")).isEmptyDirectory();
        assertThat(outside.resolve("precious")).hasContent("precious");
    }

    @ParameterizedTest
    @EnumSource
    void theNextAgentPicksUpTheMountAndClearsWhatWasHalfMade(StorageKind kind) throws IOException {
        StorageDriver killed = prepared(kind);
        ContainerId kept = created(killed);
        killed.newTree("half-made").close();
        Path trash = killed.mount.pool().resolve("trash");
        Files.move(killed.mount.pool().resolve("building").resolve("half-made"), trash.resolve("half-deleted"));
        killed.newTree("half-made").close();
        StorageDriver next = reopened(kind);
        next.awaitEmptyTrash();
        assertThat(trash).isEmptyDirectory();
        assertThat(killed.mount.pool().resolve("building")).isEmptyDirectory();
        assertThat(next.exists(kept)).isTrue();
        next.release();
        assertThat(reopened(kind).exists(kept)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anImageGoesWhenItIsDeleted(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        assertThat(driver.images()).containsExactly(IMAGE);
        driver.deleteImage(IMAGE);
        driver.deleteImage(IMAGE);
        driver.awaitEmptyTrash();
        assertThat(driver.images()).isEmpty();
        assertThatThrownBy(() -> driver.create(newId(), IMAGE))
                .isInstanceOf(StorageException.NoSuchTree.class)
                .hasMessageContaining("build it anew");
        try (Guest guest = new Guest(700_055_552L)) {
            assertThatThrownBy(() -> driver.mountRootfs(newId(), guest.userNamespace(), guest.uidBase(), null))
                    .isInstanceOf(StorageException.NoSuchTree.class);
        }
        assertThat(driver.leftovers(Set.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theSameContentIsStoredOnce(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        image(driver);
        driver.awaitEmptyTrash();
        assertThat(driver.images()).containsExactly(IMAGE);
        assertThat(driver.mount.pool().resolve("building")).isEmptyDirectory();
    }

    private static final String HOSTILE = """
            ln -s /etc/shadow link; ln -s ../../../../../../etc up; ln -s link/../loop loop
            mkfifo fifo
            touch "$(printf 'new\\nline \\033[2J')" -- -rf "$(printf '%0255d' 0)"
            echo twice > one; ln one two; mkdir dir; ln one dir/three
            cp /bin/true suid; chmod 6755 suid; chown 1000:1000 home
            truncate -s 1T sparse; printf data | dd of=sparse bs=1 seek=1G conv=notrunc 2>/dev/null
            rm -r etc; mkdir etc; touch -d 2001-02-03 etc/old
            d=$(printf '%050d' 0); i=0; while [ $i -lt 70 ]; do mkdir $d; cd $d; i=$((i+1)); done
            deeper=$d; i=0; while [ $i -lt 70 ]; do deeper=$deeper/$d; i=$((i+1)); done
            mkdir -p $deeper; echo "beyond PATH_MAX" > $deeper/bottom
            """;

    /** Everything that find tells of a tree; a directory's size is the file system's affair. */
    private static String picture(Path tree) throws IOException {
        return Program.run(List.of(
                "sh",
                "-c",
                "cd \"$0\" && find . \\( -type d -printf '%P %y %m %U %G %T@ %l\\0' -o -printf '%P %y %m %U %G %s %n %T@ %l\\0' \\)"
                        + " | sort -z | tr '\\0' '\\n'; find . -type f ! -name sparse -execdir sha256sum -z -- {} \\; | sort -z",
                tree.toString()));
    }

    private static Path kept(StorageDriver driver, ContainerId id, SnapshotId snapshot) {
        Path directory = driver.mount.pool().resolve("snapshots").resolve(id + "." + snapshot);
        return driver instanceof OverlayDriver ? directory.resolve("upper") : directory;
    }

    private static final String NO_UTF_8 = "trusted.\u00e9\u00ff"; // a character a byte

    /** Names, links and depths of a tenant's: nothing of them leads anywhere, and nothing is lost. */
    @ParameterizedTest
    @EnumSource
    void aSnapshotIsTheTreeAsItWasHoweverHostile(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId id = created(driver);
        SnapshotId snapshot = SnapshotId.at(Instant.now(), new Random());
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, id, HOSTILE);
            try (Fd tree = FileCalls.openat(written(driver, id).toString(), OpenFlag.O_PATH);
                    Fd one = FileCalls.openat(tree, "one", OpenFlag.O_PATH)) {
                FileCalls.mknodat(tree, "socket", FileType.S_IFSOCK, 0700, 0, 0);
                TreeCalls.setAttribute(one, "trusted.mine", new byte[] {1, 0, 2});
                TreeCalls.setAttribute(one, NO_UTF_8, new byte[] {3});
            }
            String before = picture(written(driver, id));
            driver.snapshot(id, snapshot);
            driver.snapshot(id, snapshot); // as after a crash that forgot the first
            assertThat(picture(kept(driver, id, snapshot))).isEqualTo(before);
            run(driver, guest, id, "echo more >> one; rm link");
            assertThat(picture(kept(driver, id, snapshot))).isEqualTo(before);
        }
        try (Fd etc = FileCalls.openat(kept(driver, id, snapshot).resolve("etc").toString(), OpenFlag.O_PATH);
                Fd one = FileCalls.openat(
                        kept(driver, id, snapshot).resolve("one").toString(), OpenFlag.O_PATH)) {
            assertThat(TreeCalls.attributes(one))
                    .containsEntry("trusted.mine", new byte[] {1, 0, 2})
                    .containsEntry(NO_UTF_8, new byte[] {3});
            assertThat(TreeCalls.attributes(etc).containsKey("trusted.overlay.opaque"))
                    .as("the image's etc stays hidden")
                    .isEqualTo(kind == StorageKind.OVERLAY);
        }
        assertThat(Long.parseLong(Program.run(List.of(
                                "du",
                                "-k",
                                kept(driver, id, snapshot).resolve("sparse").toString()))
                        .split("\\s", 2)[0]))
                .as("KiB of a hole of a TiB")
                .isLessThan(1024);
        assertThat(driver.snapshots(id)).containsExactly(snapshot);
        assertThat(driver.snapshots(newId())).isEmpty();
        SnapshotId later = SnapshotId.at(Instant.now().plusSeconds(1), new Random());
        driver.snapshot(id, later);
        assertThat(driver.snapshots(id)).containsExactly(snapshot, later);
        driver.deleteSnapshot(id, later);
        driver.deleteSnapshot(id, later);
        assertThat(driver.snapshots(id)).containsExactly(snapshot);
        driver.delete(id);
        assertThat(driver.snapshots(id)).isEmpty();
        driver.awaitEmptyTrash();
        assertThat(driver.mount.pool().resolve("building")).isEmptyDirectory();
        assertThat(driver.leftovers(Set.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void snapshotsOfAContainerThatNobodyKnowsAreLeftovers(StorageKind kind) throws IOException {
        StorageDriver driver = prepared(kind);
        ContainerId id = created(driver);
        driver.snapshot(id, SnapshotId.at(Instant.now(), new Random()));
        driver.trash().add(driver.directories().containers(), id.toString()); // as a deletion cut short
        assertThat(driver.leftovers(Set.of())).containsExactly(id);
        driver.delete(id);
        assertThat(driver.leftovers(Set.of())).isEmpty();
    }

    @Test
    void subvolumesThatATenantMadeGoWithTheContainer() throws IOException {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(
                    driver,
                    guest,
                    id,
                    "mkdir a; for s in a/one a/two a/two/three; do btrfs subvolume create $s; done; echo x > a/two/three/x;"
                            + " btrfs subvolume snapshot -r a/two/three a/one/four");
        }
        driver.delete(id);
        driver.awaitEmptyTrash();
        assertThat(Program.run(List.of(
                        "btrfs", "subvolume", "list", driver.mount.pool().toString())))
                .contains("images/")
                .doesNotContain("containers/", "trash/");
    }

    /** Its owner may do that where no filter of ours is. */
    @Test
    void aTreeThatATenantMadeReadOnlyGoesWithTheContainer() throws IOException {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        ContainerId id = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, id, "mkdir a; btrfs subvolume create a/one; btrfs property set -ts . ro true");
        }
        driver.delete(id);
        assertThat(driver.exists(id)).isFalse();
        driver.awaitEmptyTrash();
        assertThat(Program.run(List.of(
                        "btrfs", "subvolume", "list", driver.mount.pool().toString())))
                .doesNotContain("containers/", "trash/");
    }

    @Test
    void aFullPoolIsOneClearErrorAndNothingHalfMade() throws IOException {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        ContainerId hungry = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, hungry, "dd if=/dev/urandom of=fill bs=1M 2>/dev/null || sync");
        }
        assertThatThrownBy(() -> created(driver))
                .isInstanceOf(StorageException.PoolFull.class)
                .hasMessageContaining(
                        "delete containers or images, or raise BERTH_POOL_BYTES (now " + POOL_BYTES + ")");
        assertThatThrownBy(() -> driver.newTree("more")).isInstanceOf(StorageException.PoolFull.class);
        assertThat(driver.leftovers(Set.of(hungry))).isEmpty();
        assertThat(driver.mount.pool().resolve("building")).isEmptyDirectory();
        driver.release();
        StorageDriver larger = StorageDriver.open(StorageKind.BTRFS, driver.mount.pool(), 2 * POOL_BYTES);
        open.add(larger);
        larger.prepare(); // the cure
        assertThat(larger.exists(created(larger))).isTrue();
    }

    @Test
    void aContainerIsASpareCopyOfItsImageMadeAhead() throws IOException {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        Path spares = driver.mount.pool().resolve("spares");
        created(driver);
        await().untilAsserted(() -> assertThat(names(spares)).hasSize(2));
        Set<String> made = names(spares);
        ContainerId second = created(driver);
        assertThat(made).containsAll(names(spares)).hasSize(names(spares).size() + 1);
        try (Guest guest = new Guest(700_055_552L)) {
            assertThat(run(driver, guest, second, "cat etc/hello")).isEqualTo("hello");
        }
        driver.release();
        StorageDriver next = reopened(StorageKind.BTRFS); // takes up what there is
        ContainerId third = created(next);
        next.settle(third);
        assertThat(next.exists(third)).isTrue();
        next.deleteImage(IMAGE);
        next.awaitEmptyTrash();
        assertThat(names(spares)).isEmpty();
        assertThatThrownBy(() -> created(next)).isInstanceOf(StorageException.NoSuchTree.class);
    }

    @Test
    void whatIsReadAheadIsTheInitAndItsLibrariesAndNothingOutside() throws Exception {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        try (Fd tree = driver.newTree("hostile")) {
            FileCalls.mkdirat(tree, "sbin", 0755);
            FileCalls.mkdirat(tree, "bin", 0755);
            FileCalls.mkdirat(tree, "etc", 0755);
            Path root = driver.mount.pool().resolve("building/hostile");
            assertThat(ReadAhead.of(tree)).isZero();
            Files.copy(Path.of("/bin/bash"), root.resolve("bin/real"));
            Files.createSymbolicLink(root.resolve("sbin/init"), Path.of("/bin/real"));
            long bash = Files.size(Path.of("/bin/bash"));
            assertThat(ReadAhead.of(tree)).isEqualTo(bash);
            Files.createDirectory(root.resolve("lib"));
            Files.writeString(root.resolve("lib/libc.so.6"), "12345");
            Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("../../../../../../bin/real"));
            assertThat(ReadAhead.of(tree)).isEqualTo(bash + 5);
            Program.run(List.of("mkfifo", root.resolve("etc/ld.so.cache").toString()));
            Files.createSymbolicLink(root.resolve("bin/bash"), Path.of("bash"));
            Program.run(List.of(
                    "truncate", "-s", "1T", root.resolve("lib/libc.so.6").toString()));
            assertThat(ReadAhead.of(tree)).isEqualTo(bash);
        }
        driver.discardTree("hostile");
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    @Test
    void whatIsDeletedFromAFullPoolIsFreeAtOnce() throws IOException {
        StorageDriver driver = prepared(StorageKind.BTRFS);
        ContainerId hungry = created(driver);
        try (Guest guest = new Guest(700_055_552L)) {
            run(driver, guest, hungry, "dd if=/dev/urandom of=fill bs=1M 2>/dev/null || sync");
        }
        driver.delete(hungry);
        driver.awaitEmptyTrash();
        await().atMost(Duration.ofSeconds(20)) // the kernel's own interval is 30
                .untilAsserted(() -> assertThat(driver.space().freeBytes()).isGreaterThan(POOL_BYTES / 2));
    }

    @Test
    void btrfsFilesGoToWhoeverMountsThePoolNext() throws IOException {
        StorageDriver btrfs = prepared(StorageKind.BTRFS);
        created(btrfs);
        // killed, and started anew with the other driver
        StorageDriver overlay = StorageDriver.open(StorageKind.OVERLAY, btrfs.mount.pool(), null);
        open.add(overlay);
        overlay.prepare();
        assertThat(MountTable.at(btrfs.mount.pool()).orElseThrow().type()).isNotEqualTo("btrfs");
        assertThat(overlay.leftovers(Set.of())).isEmpty();
    }
}
