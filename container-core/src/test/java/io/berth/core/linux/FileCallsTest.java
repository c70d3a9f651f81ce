// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.OpenFlag.O_CREAT;
import static io.berth.core.linux.OpenFlag.O_DIRECTORY;
import static io.berth.core.linux.OpenFlag.O_EXCL;
import static io.berth.core.linux.OpenFlag.O_PATH;
import static io.berth.core.linux.OpenFlag.O_RDONLY;
import static io.berth.core.linux.OpenFlag.O_RDWR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
    @TempDir
    Path temp;

    private Fd dir;

    @BeforeEach
    void open() {
        dir = FileCalls.openat(temp.toString(), O_PATH, O_DIRECTORY);
    }

    @AfterEach
    void close() {
        dir.close();
    }

    @Test
    void aFailureIsTheCallWithItsArgumentsAndTheErrnoInWords() {
        assertThatThrownBy(() -> FileCalls.openat("/nonexistent", O_PATH))
                .isInstanceOfSatisfying(
                        SyscallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessage(
                        "openat(AT_FDCWD, '/nonexistent', O_PATH|O_CLOEXEC, 00): ENOENT (no such file or directory)");
        assertThatThrownBy(() -> FileCalls.mkdirat(dir, "a/b", 0750))
                .hasMessage("mkdirat('" + temp + "', 'a/b', 0750): ENOENT (no such file or directory)");
    }

    @Test
    void whatIsWrittenIsRead() {
        try (Fd file = FileCalls.openat(dir, "file", 0600, O_RDWR, O_CREAT, O_EXCL)) {
            FileCalls.writeAll(file, "x".repeat(100_000).getBytes(UTF_8));
            assertThat(FileCalls.pwrite(file, 1, "yz".getBytes(UTF_8))).isEqualTo(2);
            assertThat(FileCalls.pread(file, 0, 4)).isEqualTo("xyzx".getBytes(UTF_8));
            FileCalls.fsync(file);
            FileStatus status = FileCalls.fstat(file);
            assertThat(status.size()).isEqualTo(100_000);
            assertThat(status.is(FileType.S_IFREG)).isTrue();
            assertThat(status.permissions()).isEqualTo(0600);
            assertThat(status.uid()).isEqualTo(ProcessCalls.getuid());
        }
        FileCalls.writeFile(dir, "file", "ab");
        try (Fd file = FileCalls.openat(dir, "file", O_RDONLY)) {
            assertThat(FileCalls.readAll(file)).hasSize(100_000).startsWith("abzx".getBytes(UTF_8));
            assertThat(FileCalls.read(file, 1)).isEmpty();
        }
    }

    @Test
    void directoriesLinksAndNames() {
        FileCalls.mkdirat(dir, "a", 0700);
        FileCalls.fchmodat(dir, "a", 0711);
        FileCalls.symlinkat("a", dir, "link");
        assertThat(FileCalls.readlinkat(dir, "link")).isEqualTo("a");
        assertThat(FileCalls.statx(dir, "link").is(FileType.S_IFDIR)).isTrue();
        assertThat(FileCalls.statx(dir, "link", AtFlag.AT_SYMLINK_NOFOLLOW).is(FileType.S_IFLNK))
                .isTrue();
        FileCalls.renameat2(dir, "a", dir, "b", RenameFlag.RENAME_NOREPLACE);
        FileCalls.fchownat(dir, "b", ProcessCalls.getuid(), -1);
        assertThat(FileCalls.statx(dir, "b").permissions()).isEqualTo(0711);
        FileCalls.unlinkat(dir, "b", AtFlag.AT_REMOVEDIR);
        FileCalls.unlinkat(dir, "link");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void openat2RefusesLinksAndEscapes() {
        FileCalls.symlinkat("/etc", dir, "etc");
        refused(Errno.ELOOP, () -> FileCalls.openat2(dir, "etc", 0, Flags.of(O_PATH), ResolveFlag.RESOLVE_NO_SYMLINKS));
        refused(Errno.EXDEV, () -> FileCalls.openat2(dir, "../..", 0, Flags.of(O_PATH), ResolveFlag.RESOLVE_BENEATH));
        try (Fd root = FileCalls.openat2(dir, "/../..", 0, Flags.of(O_PATH), ResolveFlag.RESOLVE_IN_ROOT)) {
            assertThat(FileCalls.fstat(root).inode())
                    .isEqualTo(FileCalls.fstat(dir).inode());
        }
    }

    @Test
    void aSealedMemfdRefusesWrites() {
        try (Fd memfd = FileCalls.sealedMemfd("test", "content".getBytes(UTF_8))) {
            assertThat(FileCalls.getSeals(memfd))
                    .isEqualTo(Set.of(Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE));
            refused(Errno.EPERM, () -> FileCalls.pwrite(memfd, 0, new byte[1]));
            refused(Errno.EPERM, () -> FileCalls.ftruncate(memfd, 0));
            refused(Errno.EPERM, () -> FileCalls.ftruncate(memfd, 100));
            refused(Errno.EPERM, () -> FileCalls.addSeals(memfd, Seal.F_SEAL_FUTURE_WRITE));
            assertThat(FileCalls.pread(memfd, 0, 99)).isEqualTo("content".getBytes(UTF_8));
        }
    }

    @Test
    void aLockHeldElsewhereIsAnError() {
        FileCalls.openat(dir, "lock", 0600, O_RDWR, O_CREAT).close();
        try (Fd mine = FileCalls.openat(dir, "lock");
                Fd other = FileCalls.openat(dir, "lock")) {
            FileCalls.flock(mine, LockOperation.LOCK_EX);
            refused(Errno.EAGAIN, () -> FileCalls.flock(other, LockOperation.LOCK_EX, LockOperation.LOCK_NB));
            FileCalls.flock(mine, LockOperation.LOCK_UN);
            FileCalls.flock(other, LockOperation.LOCK_EX, LockOperation.LOCK_NB);
        }
    }

    @Test
    void aFilesystemTellsItsType() {
        try (Fd proc = FileCalls.openat("/proc", O_PATH)) {
            FilesystemStatus status = FileCalls.fstatfs(proc);
            assertThat(status.is(FilesystemMagic.PROC_SUPER_MAGIC)).isTrue();
            assertThat(status.is(FilesystemMagic.TMPFS_MAGIC)).isFalse();
        }
        assertThat(FileCalls.fstatfs(dir).blocks()).isPositive();
    }

    @Test
    void deviceNumbersAreEncodedAsTheKernelDoes() {
        assertThat(FileCalls.makedev(1, 3)).isEqualTo(0x103);
        assertThat(FileCalls.makedev(0xabc, 0x12345)).isEqualTo(0x123abc45L);
        try (Fd none = FileCalls.openat("/dev/null", O_PATH)) {
            assertThat(FileCalls.fstat(none).rdev()).isEqualTo(new FileStatus.Device(1, 3));
        }
    }

    @Test
    void descriptorsAreCloseOnExec() {
        try (Pipe pipe = FileCalls.pipe2();
                Fd event = FileCalls.eventfd(0);
                Fd memfd = FileCalls.memfdCreate("m");
                Fd copy = dir.dup();
                Fd high = dir.dupFrom(200)) {
            for (Fd fd : new Fd[] {dir, pipe.readEnd(), pipe.writeEnd(), event, memfd, copy, high}) {
                assertThat(Syscall.call(Sys.FCNTL, fd, FcntlCommand.F_GETFD))
                        .as(fd.toString())
                        .isOne();
            }
            assertThat(high.number()).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void closeIsIdempotentAndAClosedDescriptorUnusable() {
        Fd fd = dir.dup();
        int number = fd.number();
        fd.close();
        try (Fd reused = dir.dupFrom(number)) {
            fd.close();
            assertThat(reused.number()).isEqualTo(number);
            assertThat(FileCalls.fstat(reused).is(FileType.S_IFDIR)).isTrue();
        }
        assertThat(fd.isOpen()).isFalse();
        assertThatThrownBy(() -> FileCalls.fstat(fd))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'" + temp + "' is closed");
        Fd.AT_FDCWD.close();
        assertThat(Fd.AT_FDCWD.number()).isEqualTo(-100);
    }

    @Test
    void aReleasedDescriptorStaysOpen() {
        int number = dir.dup().release();
        try (Fd again = Fd.adopt(number, "again")) {
            assertThat(FileCalls.fstat(again).inode())
                    .isEqualTo(FileCalls.fstat(dir).inode());
        }
        assertThatThrownBy(() -> Fd.adopt(-1, "none")).hasMessage("no file descriptor: -1");
    }

    @Test
    void pollTellsWhichIsReady() {
        try (Pipe pipe = FileCalls.pipe2();
                Fd event = FileCalls.eventfd(1)) {
            var ready = PollCalls.ppoll(null, PollCalls.Interest.in(pipe.readEnd()), PollCalls.Interest.in(event));
            assertThat(ready).containsExactly(Set.of(), Set.of(PollEvent.POLLIN));
            assertThat(PollCalls.awaitReadable(pipe.readEnd(), Duration.ofMillis(1)))
                    .isFalse();
            pipe.writeEnd().close();
            assertThat(PollCalls.awaitReadable(pipe.readEnd(), null)).isTrue();
        }
    }

    @Test
    void terminalsTakeASizeAndGiveTheirSlave() {
        try (Fd master = FileCalls.openat("/dev/ptmx", O_RDWR, OpenFlag.O_NOCTTY)) {
            assertThat(FileCalls.ioctl(master, Ioctl.TIOCSPTLCK, new byte[4])).isZero();
            byte[] size = {24, 0, 80, 0, 0, 0, 0, 0};
            FileCalls.ioctl(master, Ioctl.TIOCSWINSZ, size);
            byte[] read = new byte[8];
            FileCalls.ioctl(master, Ioctl.TIOCGWINSZ, read);
            assertThat(read).isEqualTo(size);
            long flags = Flags.bits(O_RDWR, OpenFlag.O_NOCTTY, OpenFlag.O_CLOEXEC);
            try (Fd slave = Fd.adopt(FileCalls.ioctl(master, Ioctl.TIOCGPTPEER, flags), "slave")) {
                assertThat(FileCalls.fstat(slave).is(FileType.S_IFCHR)).isTrue();
            }
        }
    }

    @Test
    void aNulInAPathIsRefused() {
        assertThatThrownBy(() -> FileCalls.openat("/etc\0x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a NUL in '/etc?x'");
        assertThat(Files.exists(temp)).isTrue();
    }

    private static void refused(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SyscallException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
