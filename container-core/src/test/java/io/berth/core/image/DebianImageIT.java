// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.plan.Spawner;
import io.berth.core.runtime.PooledTrees;
import io.berth.core.spec.ImageAlias;
import io.berth.core.storage.StorageDriver;
import io.berth.core.storage.StorageKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * debian/bookworm as it is on disk. Needs root and a mirror. The pool is shared with other test classes and runs, so that an image is
 * built once: {@code $BERTH_TEST_STATE/pool}, by default below the temporary directory.
 */
final class DebianImageIT {
    private static final ImageAlias BOOKWORM = new ImageAlias("debian/bookworm");
    private static final long POOL_BYTES = 16L << 30;

    private static final StorageDriver STORAGE =
            StorageDriver.open(StorageKind.BTRFS, state(System.getenv()).resolve("pool"), POOL_BYTES);

    @SuppressWarnings("NullAway.Init")
    private static Fd tree;

    private static Path state(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(
                "BERTH_TEST_STATE",
                Path.of(System.getProperty("java.io.tmpdir"), "berth-test").toString()));
    }

    @BeforeAll
    static void build() {
        STORAGE.prepare();
        try (Spawner spawner = Spawner.load()) {
            ImageStore store = ImageStore.open(
                    new PooledTrees(STORAGE), spawner, () -> ImageIT.TestRange.lend(spawner), Clock.systemUTC());
            Image image = store.resolve(BOOKWORM).orElseGet(() -> store.build(BOOKWORM, System.out::println));
            assertThat(image.init()).isEqualTo(InitSystem.SYSTEMD);
            assertThat(image.sizeBytes()).isBetween(100L << 20, 500L << 20);
            tree = STORAGE.openImage(image.id());
        }
    }

    @AfterAll
    static void release() {
        tree.close();
        STORAGE.release();
    }

    private static String text(String path) {
        try (Fd file = FileCalls.openat(tree, path, OpenFlag.O_RDONLY, OpenFlag.O_NOFOLLOW)) {
            return new String(FileCalls.readAll(file), StandardCharsets.UTF_8);
        }
    }

    private static boolean has(String path) {
        try {
            FileCalls.statx(tree, path, AtFlag.AT_SYMLINK_NOFOLLOW);
            return true;
        } catch (SyscallException e) {
            return false;
        }
    }

    @Test
    void idsAreTheImagesOwnAndSetuidStays() {
        FileStatus sudo = FileCalls.statx(tree, "usr/bin/sudo", AtFlag.AT_SYMLINK_NOFOLLOW);
        assertThat(sudo.uid()).isZero();
        assertThat(sudo.permissions()).isEqualTo(04755);
        assertThat(FileCalls.statx(tree, "etc/shadow").gid()).isEqualTo(42);
        assertThat(FileCalls.fstat(tree).uid()).isZero();
    }

    @Test
    void nothingOfTheHostOrTheBuildIsLeft() {
        assertThat(has("etc/hostname")).isFalse();
        assertThat(has("etc/.resolv.conf.systemd-resolved.bak")).isFalse();
        assertThat(has("etc/apt/apt.conf.d/99mmdebstrap")).isFalse();
        assertThat(has("etc/dpkg/dpkg.cfg.d/99mmdebstrap")).isFalse();
        assertThat(has("etc/ssh/ssh_host_ed25519_key")).isFalse();
        assertThat(text("etc/machine-id")).isEmpty();
        assertThat(text("etc/hosts")).startsWith("127.0.0.1\tlocalhost\n");
        assertThat(FileCalls.readlinkat(tree, "etc/resolv.conf")).isEqualTo("../run/systemd/resolve/stub-resolv.conf");
        try (Fd lists = FileCalls.openat(tree, "var/lib/apt/lists", OpenFlag.O_RDONLY)) {
            assertThat(TreeNode.names(lists)).isEmpty();
        }
    }

    @Test
    void updatesAndSecurityAreConfigured() {
        assertThat(text("etc/apt/sources.list"))
                .contains(" bookworm main", " bookworm-updates main", " bookworm-security main")
                .doesNotContain("non-free");
    }

    @Test
    void theNetworkIsConfiguredByDhcpAndTheServicesAreOn() {
        assertThat(text("etc/systemd/network/eth0.network")).contains("Name=eth0", "DHCP=yes", "IPv6AcceptRA=yes");
        assertThat(has("etc/systemd/system/multi-user.target.wants/systemd-networkd.service"))
                .isTrue();
        assertThat(has("etc/systemd/system/sysinit.target.wants/systemd-resolved.service"))
                .isTrue();
    }

    @Test
    void rootHasNoPassword() {
        assertThat(text("etc/shadow").lines().filter(line -> line.startsWith("root:")))
                .singleElement()
                .asString()
                .matches("root:[!*]+:.*");
    }
}
