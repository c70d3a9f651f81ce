// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.idmap.UserNamespace;
import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.OpenFlag;
import io.berth.core.plan.Spawner;
import io.berth.core.runtime.PooledTrees;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.storage.StorageDriver;
import io.berth.core.storage.StorageKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store on a real pool, with images that are made in a moment; needs root. */
final class ImageIT {
    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"), "berth-it-image");
    private static final Path POOL = SCRATCH.resolve("pool");
    private static final ImageAlias BUSYBOX = new ImageAlias("busybox/latest");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final StorageDriver storage = StorageDriver.open(StorageKind.OVERLAY, POOL, null);
    private final PooledTrees trees = new PooledTrees(storage);
    private final Spawner spawner = Spawner.load();

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
        return ImageStore.open(trees, spawner, () -> TestRange.lend(spawner), CLOCK);
    }

    private Worker worker() {
        return new Worker(trees, spawner, () -> TestRange.lend(spawner));
    }

    @Test
    void busyboxIsBuiltListedAndFoundAgain() {
        List<String> progress = new ArrayList<>();
        Image built = store().build(BUSYBOX, progress::add);
        assertThat(built.init()).isEqualTo(InitSystem.BUSYBOX);
        assertThat(built.builtAt()).isEqualTo(NOW);
        assertThat(built.sizeBytes()).isBetween(500_000L, 4_000_000L);
        assertThat(built.current()).isTrue();
        assertThat(progress).last().isEqualTo("busybox/latest is " + built.id());
        ImageStore next = store();
        assertThat(next.list()).containsExactly(built);
        assertThat(next.resolve(BUSYBOX)).contains(built);
        assertThat(next.haltSignal(built.id())).isEqualTo(12);
        try (Fd tree = storage.openImage(built.id())) {
            FileStatus home = FileCalls.statx(tree, "home/demo", AtFlag.AT_SYMLINK_NOFOLLOW);
            assertThat(home.uid()).isEqualTo(1000);
            assertThat(FileCalls.readlinkat(tree, "sbin/init")).isEqualTo("/bin/busybox");
            assertThat(FileCalls.readlinkat(tree, "bin/sh")).isEqualTo("/bin/busybox");
        }
    }

    @Test
    void buildingTheSameTwiceGivesTheSameAddressAndOneTree() {
        ImageStore store = store();
        Image first = store.build(BUSYBOX, line -> {});
        Image second = store.build(BUSYBOX, line -> {});
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(storage.images()).containsExactly(first.id());
    }

    @Test
    void anythingButTimesChangesTheAddress() {
        ImageId plain = addressOf(0644, "x", 0);
        assertThat(addressOf(0644, "x", 0)).isEqualTo(plain);
        assertThat(addressOf(04755, "x", 0)).isNotEqualTo(plain);
        assertThat(addressOf(0644, "y", 0)).isNotEqualTo(plain);
        assertThat(addressOf(0644, "x", 1)).isNotEqualTo(plain);
    }

    private ImageId addressOf(int mode, String content, int uid) {
        try (Fd tree = storage.newTree("address")) {
            try (Fd file = FileCalls.openat(tree, "file", mode, OpenFlag.O_CREAT, OpenFlag.O_WRONLY)) {
                FileCalls.writeAll(file, content.getBytes(StandardCharsets.UTF_8));
                FileCalls.fchown(file, uid, 0);
                FileCalls.fchmod(file, mode);
            }
            FileCalls.symlinkat("/nowhere", tree, "link");
            return TreeDigest.of(tree).id();
        } finally {
            storage.discardTree("address");
        }
    }

    /** The agent walks it: neither its stack nor its descriptors are the worker's to use up. */
    @Test
    void aTreeThatIsNestedWithoutEndIsRefused() {
        ImageDefinition deep = (tree, progress) -> {
            for (int level = 1; level <= 300; level++) {
                FileCalls.mkdirat(tree, "d/".repeat(level), 0755);
            }
        };
        ImageStore store = ImageStore.open(trees, alias -> deep, worker(), CLOCK);
        assertThatThrownBy(() -> store.build(BUSYBOX, line -> {}))
                .isInstanceOf(ImageException.Refused.class)
                .hasMessageContaining("more than 256 directories deep");
        storage.awaitEmptyTrash();
        assertThat(POOL.resolve("building")).isEmptyDirectory();
    }

    @Test
    void whoAsksWhileABuildRunsGetsThatBuild() throws Exception {
        AtomicInteger builds = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ImageDefinition slow = (tree, progress) -> {
            builds.incrementAndGet();
            begun.countDown();
            awaitUninterrupted(finish);
        };
        ImageStore store = ImageStore.open(trees, alias -> slow, worker(), CLOCK);
        try (var threads = Executors.newFixedThreadPool(2)) {
            Future<Image> first = threads.submit(() -> store.build(BUSYBOX, line -> {}));
            begun.await();
            CountDownLatch listening = new CountDownLatch(1);
            Future<Image> second = threads.submit(() -> {
                listening.countDown();
                return store.build(BUSYBOX, line -> {});
            });
            listening.await();
            finish.countDown();
            assertThat(first.get().id()).isEqualTo(second.get().id());
        }
        assertThat(storage.images()).hasSize(1);
        assertThat(builds.get()).isBetween(1, 2); // two when the second asked after the first had ended
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBuildThatFailsLeavesNothing() {
        ImageStore store = ImageStore.open(
                trees,
                alias -> (tree, progress) -> {
                    FileCalls.mkdirat(tree, "half", 0755);
                    throw new ImageException.BuildFailed("no", null);
                },
                worker(),
                CLOCK);
        assertThatThrownBy(() -> store.build(BUSYBOX, line -> {})).isInstanceOf(ImageException.BuildFailed.class);
        storage.awaitEmptyTrash();
        assertThat(POOL.resolve("building")).isEmptyDirectory();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void aCrashBetweenTreeAndRecordIsClearedAtTheNextStart() {
        storage.newTree("crashed").close();
        storage.keepTree("crashed", new ImageId("sha256:" + "b2".repeat(32)));
        Image built = store().build(BUSYBOX, line -> {});
        assertThat(storage.images()).containsExactly(built.id());
        storage.deleteImage(built.id()); // a record without a tree
        assertThat(store().list()).isEmpty();
        assertThat(store().resolve(BUSYBOX)).isEmpty();
    }

    @Test
    void anImageThatAContainerUsesStays() {
        ImageStore store = store();
        Image built = store.build(BUSYBOX, line -> {});
        assertThatThrownBy(() -> store.delete(built.id(), Set.of(built.id())))
                .isInstanceOf(ImageException.InUse.class)
                .hasMessageContaining("delete its containers first");
        store.delete(built.id(), Set.of());
        store.delete(built.id(), Set.of());
        assertThat(store.list()).isEmpty();
        assertThat(store().resolve(BUSYBOX)).isEmpty();
        assertThat(storage.images()).isEmpty();
    }

    @Test
    void anUnknownAliasNamesTheOnesThereAre() {
        assertThatThrownBy(() -> store().build(new ImageAlias("plan9/latest"), line -> {}))
                .isInstanceOf(ImageException.Unknown.class)
                .hasMessageContaining("busybox/latest, debian/bookworm");
    }

    @Test
    void aBuildIsNobodyOnTheHostAndItsErrorIsShown() throws Exception {
        Path secret = Files.createDirectories(SCRATCH).resolve("secret");
        Files.writeString(secret, "secret");
        Files.setPosixFilePermissions(secret, Set.of());
        String script =
                "id -u; cat /proc/self/uid_map; echo $$; cat \"$1\" || true; echo x > /mnt/x; chown 7 /mnt/x; exit 3";
        List<String> said = new ArrayList<>();
        try (Fd tree = storage.newTree("sandboxed");
                BuildRange range = TestRange.lend(spawner)) {
            BuildSandbox sandbox = new BuildSandbox(spawner, range.userNamespace());
            assertThatThrownBy(() -> sandbox.run(script, List.of(secret.toString()), tree, said::add))
                    .isInstanceOf(ImageException.BuildFailed.class)
                    .hasMessageContaining("Permission denied");
            assertThat(FileCalls.statx(tree, "x").uid()).isEqualTo(7);
        }
        assertThat(said.get(0)).isEqualTo("0");
        assertThat(said.get(1).strip().split("\\s+", -1)).containsExactly("0", Long.toString(TestRange.BASE), "65536");
        assertThat(said.get(2)).isEqualTo("1");
    }

    /** Ids that no test of another package takes. */
    record TestRange(Fd userNamespace) implements BuildRange {
        static final long BASE = 700_186_624L;

        static BuildRange lend(Spawner spawner) {
            return new TestRange(UserNamespace.create(spawner, BASE));
        }

        @Override
        public void close() {
            userNamespace.close();
        }
    }
}
