// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.image.ImageIT.TestRange;
import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.plan.Spawner;
import io.berth.core.runtime.PooledTrees;
import io.berth.core.spec.ImageAlias;
import io.berth.core.storage.StorageDriver;
import io.berth.core.storage.StorageKind;
import io.berth.core.unpack.DockerMaker;
import io.berth.core.unpack.TarMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Archives become images by a worker that is nobody on the host, or leave nothing; needs root. */
final class ArchiveImportIT {
    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"), "berth-it-archive");
    private static final Path POOL = SCRATCH.resolve("pool");
    private static final ImageAlias ALIAS = new ImageAlias("test/brought");

    private final StorageDriver storage = StorageDriver.open(StorageKind.OVERLAY, POOL, null);
    private final PooledTrees trees = new PooledTrees(storage);
    private final Spawner spawner = Spawner.load();
    private final Worker worker = new Worker(trees, spawner, () -> TestRange.lend(spawner));
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        storage.release(); // of a test run that was killed
        remove();
        storage.prepare();
    }

    @AfterEach
    void release() throws Exception {
        storage.release();
        spawner.close();
        remove();
    }

    private static void remove() throws IOException, InterruptedException {
        Process rm = new ProcessBuilder("rm", "-rf", "--one-file-system", SCRATCH.toString())
                .inheritIO()
                .start();
        assertThat(rm.waitFor()).isZero();
    }

    private ImageStore store() {
        return ImageStore.open(trees, spawner, () -> TestRange.lend(spawner), Clock.systemUTC());
    }

    /** As root alone can read it: the worker gets what is open. */
    private static Fd file(byte[] content) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(SCRATCH), "archive", "");
        Files.write(file, content);
        Files.setPosixFilePermissions(file, Set.of());
        return FileCalls.openat(file.toString(), OpenFlag.O_RDONLY);
    }

    @Test
    void anArchiveBecomesAnImageWithItsOrigin() throws Exception {
        byte[] content = TarMaker.system().owned("home/x", 1000).toBytes();
        ImageStore store = store();
        Image image;
        try (Fd archive = file(content)) {
            image = store.bring(ALIAS, List.of(archive), "brought.tar", said::add);
        }
        assertThat(Objects.requireNonNull(image.origin()).from()).isEqualTo("brought.tar");
        assertThat(image.origin().digest()).isEqualTo("sha256:" + DockerMaker.hex(content));
        assertThat(store().resolve(ALIAS)).contains(image); // the next agent knows as much
        assertThat(said).contains("unpacking a root file system as tar archive");
        try (Fd tree = storage.openImage(image.id())) {
            assertThat(FileCalls.statx(tree, "home/x", AtFlag.AT_SYMLINK_NOFOLLOW)
                            .uid())
                    .isEqualTo(1000);
        }
        storage.awaitEmptyTrash();
        assertThat(POOL.resolve("building")).isEmptyDirectory();
    }

    @Test
    void whatAContainersBirthMountsOnIsThereOrMade() throws Exception {
        try (Fd archive = file(TarMaker.system().toBytes())) {
            Image image = store().bring(ALIAS, List.of(archive), "packed.tar", said::add);
            try (Fd tree = storage.openImage(image.id())) {
                assertThat(TreeNode.names(tree)).extracting(String::new).contains("dev", "proc", "sys");
            }
        }
    }

    @Test
    void anImageOfDockersIsOneLikeAnyOther() throws Exception {
        byte[] below = TarMaker.system().file("etc/gone", "").toBytes();
        try (Fd archive = file(
                DockerMaker.saved(below, new TarMaker().file("etc/.wh.gone", "").toBytes()))) {
            Image image = store().bring(ALIAS, List.of(archive), "saved.tar", said::add);
            try (Fd tree = storage.openImage(image.id());
                    Fd etc = FileCalls.openat(tree, "etc", OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
                assertThat(TreeNode.names(etc)).extracting(String::new).containsExactly("os-release");
            }
        }
    }

    @Test
    void whatIsRefusedLeavesNothing() throws Exception {
        refused(TarMaker.system().file("../x", "").toBytes(), "leads out of its directory by '..'");
        refused(TarMaker.system().symlink("a", "/").file("a/x", "").toBytes(), "leads through a symbolic link");
        refused(TarMaker.system().symlink("proc", "etc").toBytes(), "'proc' is no directory");
        refused(new TarMaker().directory("etc/").toBytes(), "no /sbin/init");
    }

    private void refused(byte[] archive, String says) throws Exception {
        ImageStore store = store();
        try (Fd open = file(archive)) {
            assertThatThrownBy(() -> store.bring(ALIAS, List.of(open), "hostile.tar", said::add))
                    .isInstanceOf(ImageException.Refused.class)
                    .hasMessageContaining(says);
        }
        assertThat(store.list()).isEmpty();
        assertThat(said).noneMatch(line -> line.contains("refused"));
        storage.awaitEmptyTrash();
        assertThat(POOL.resolve("building")).isEmptyDirectory();
        assertThat(storage.images()).isEmpty();
    }

    @Test
    void whatIsNoFileOrTooLargeOrTakesTooLongIsRefused() throws Exception {
        byte[] content = TarMaker.system().toBytes();
        ArchiveLimits none = new ArchiveLimits(10, 1 << 20, 100, Duration.ofMinutes(1));
        ArchiveLimits noTime = new ArchiveLimits(1 << 20, 1 << 20, 100, Duration.ofMillis(1));
        try (Fd archive = file(content);
                Fd device = FileCalls.openat("/dev/zero", OpenFlag.O_RDONLY)) {
            refused(device, ArchiveLimits.DEFAULT, "no regular file");
            refused(archive, none, "at most");
            refused(archive, noTime, "took longer");
        }
    }

    private void refused(Fd archive, ArchiveLimits limits, String says) {
        ArchiveDefinition definition = new ArchiveDefinition(worker, List.of(archive), "x", limits);
        assertThatThrownBy(() -> store().bring(ALIAS, definition, said::add))
                .isInstanceOf(ImageException.Refused.class)
                .hasMessageContaining(says);
        storage.awaitEmptyTrash();
        assertThat(POOL.resolve("building")).isEmptyDirectory();
    }

    @Test
    void theWorkerHasNothingOfTheHosts() throws Exception {
        Path secret = Files.createDirectories(SCRATCH).resolve("secret");
        Files.writeString(secret, "secret");
        try (Fd tree = storage.newTree("confined")) {
            worker.run(
                    List.of(WorkerProbe.class.getName(), secret.toString()),
                    List.of(),
                    tree,
                    Duration.ofMinutes(1),
                    said::add);
        } finally {
            storage.discardTree("confined");
        }
        assertThat(said)
                .contains(
                        "uid 0 0 " + TestRange.BASE + " 65536",
                        "secret false",
                        "shadow false",
                        "usr writable false",
                        "tree writable true",
                        "processes of the host 0",
                        "interfaces 1",
                        "bounding set 000000008000001b",
                        "no_new_privs 1");
    }
}
