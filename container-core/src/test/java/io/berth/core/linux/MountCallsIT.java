// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.MountAttr.MOUNT_ATTR_NODEV;
import static io.berth.core.linux.MountAttr.MOUNT_ATTR_NOSUID;
import static io.berth.core.linux.MountAttr.MOUNT_ATTR_RDONLY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root: only detached mounts, so that nothing is left over whatever happens. */
class MountCallsIT {
    @BeforeAll
    static void needsRoot() {
        assumeTrue(ProcessCalls.getuid() == 0, "mounts need root");
    }

    @Test
    void aDetachedMountTakesFilesUntilItIsReadOnly() {
        try (Fd mount = tmpfs()) {
            FileCalls.mkdirat(mount, "a", 0755);
            FileCalls.mknodat(mount, "null", FileType.S_IFCHR, 0666, 1, 3);
            assertThat(FileCalls.statx(mount, "null").rdev()).isEqualTo(new FileStatus.Device(1, 3));
            MountCalls.mountSetattr(mount, MountAttributes.setting(MOUNT_ATTR_RDONLY), AtFlag.AT_RECURSIVE);
            assertThatThrownBy(() -> FileCalls.mkdirat(mount, "b", 0755)).hasMessageContaining("EROFS");
            MountCalls.mountSetattr(mount, MountAttributes.clearing(MOUNT_ATTR_RDONLY));
            FileCalls.mkdirat(mount, "b", 0755);
        }
    }

    @Test
    void aCloneOfATreeCanBeRestrictedByItself(@TempDir Path temp) {
        try (Fd dir = FileCalls.openat(temp.toString(), OpenFlag.O_PATH);
                Fd clone = MountCalls.openTree(dir, "", OpenTreeFlag.OPEN_TREE_CLONE, AtFlag.AT_EMPTY_PATH)) {
            MountCalls.mountSetattr(clone, MountAttributes.setting(MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID));
            assertThatThrownBy(() -> FileCalls.mkdirat(clone, "x", 0755)).hasMessageContaining("EROFS");
            FileCalls.mkdirat(dir, "x", 0755);
            assertThat(FileCalls.statx(clone, "x").is(FileType.S_IFDIR)).isTrue();
        }
    }

    @Test
    void theKernelsOwnWordsAreInTheException() {
        try (var context = FilesystemContext.fsopen("tmpfs")) {
            assertThatThrownBy(() -> context.set("size", "many"))
                    .isInstanceOf(SyscallException.class)
                    .hasMessageStartingWith("fsconfig(tmpfs, FSCONFIG_SET_STRING, 'size', 'many', 0): EINVAL")
                    .hasMessageContaining("tmpfs: Bad value for 'size'");
            assertThatThrownBy(() -> context.set("no_such_flag"))
                    .hasMessageContaining("Unknown parameter 'no_such_flag'");
        }
        assertThatThrownBy(() -> FilesystemContext.fsopen("nosuchfs"))
                .hasMessageStartingWith("fsopen('nosuchfs', FSOPEN_CLOEXEC): ENODEV");
    }

    @Test
    void messagesShowMountAttributes() {
        try (Fd none = FileCalls.openat("/dev/null");
                Fd mount = tmpfs()) {
            assertThatThrownBy(() -> MountCalls.mountSetattr(
                            mount, MountAttributes.setting(MOUNT_ATTR_NODEV).idmap(none)))
                    .hasMessageStartingWith("mount_setattr(tmpfs, '', AT_EMPTY_PATH, "
                            + "{set MOUNT_ATTR_NODEV|MOUNT_ATTR_IDMAP userns '/dev/null'}, 32): EINVAL");
        }
    }

    @Test
    void aFileSystemUserOwnsWhatItMakesAndKeepsItsCapabilities() {
        int id = 1_234_567;
        try (Fd mount = tmpfs()) {
            FileCalls.fchmodat(mount, ".", 0700); // root's, so that only a capability lets the other id in
            String status = FileSystemUser.asFileSystemUser(id, () -> {
                FileCalls.mkdirat(mount, "mine", 0700);
                try (Fd file = FileCalls.openat("/proc/thread-self/status")) {
                    return new String(FileCalls.readAll(file), UTF_8);
                }
            });
            assertThat(FileCalls.statx(mount, "mine").uid()).isEqualTo(id);
            assertThat(FileCalls.statx(mount, "mine").gid()).isEqualTo(id);
            assertThat(status).containsPattern("Uid:\\s+0\\s+0\\s+0\\s+" + id);
            FileCalls.mkdirat(mount, "ours", 0700);
            assertThat(FileCalls.statx(mount, "ours").uid())
                    .as("this thread is unchanged")
                    .isZero();
        }
    }

    @Test
    void whatTheFileSystemUserThrowsArrivesHere() {
        assertThatThrownBy(() -> FileSystemUser.asFileSystemUser(1000, () -> FileCalls.openat("/nonexistent")))
                .isInstanceOfSatisfying(
                        SyscallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    private static Fd tmpfs() {
        try (var context = FilesystemContext.fsopen("tmpfs")) {
            return context.set("source", "test").set("mode", "755").fsmount(MOUNT_ATTR_NOSUID);
        }
    }
}
