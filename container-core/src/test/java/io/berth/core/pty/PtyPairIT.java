// SPDX-License-Identifier: Apache-2.0
package io.berth.core.pty;

import static io.berth.core.linux.OpenFlag.O_DIRECTORY;
import static io.berth.core.linux.OpenFlag.O_PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import io.berth.core.linux.SyscallException;
import io.berth.core.pty.Termios.Word;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, for chown and mounts. */
@Timeout(60)
class PtyPairIT {
    private static final int UID = 1 << 29;
    private static final int TTY_GID = UID + 5;
    private static final WindowSize SIZE = new WindowSize(132, 43, 1024, 768);

    private static PtyPair open() {
        try (Fd devpts = FileCalls.openat("/dev/pts", O_PATH, O_DIRECTORY)) {
            return PtyPair.open(devpts, SIZE, UID, TTY_GID);
        }
    }

    @Test
    void theSlaveBelongsToTheUser() {
        try (PtyPair pty = open()) {
            FileStatus slave = FileCalls.fstat(pty.slave());
            assertThat(slave.uid()).isEqualTo(UID);
            assertThat(slave.gid()).isEqualTo(TTY_GID);
            assertThat(slave.permissions()).isEqualTo(0620);
            assertThat(slave.is(FileType.S_IFCHR)).isTrue();
            assertThat(slave.rdev().major()).isEqualTo(136);
            assertThat(FileCalls.fstatfs(pty.slave()).is(FilesystemMagic.DEVPTS_SUPER_MAGIC))
                    .isTrue();
            assertThat(Path.of("/dev/pts/" + pty.number())).exists();
        }
    }

    @Test
    void whatGoesInComesOut() {
        try (PtyPair pty = open()) {
            FileCalls.write(pty.slave(), bytes("login:\n"));
            assertThat(FileCalls.read(pty.master(), 100)).isEqualTo(bytes("login:\r\n"));
            FileCalls.write(pty.master(), bytes("root\n"));
            assertThat(FileCalls.read(pty.slave(), 100)).isEqualTo(bytes("root\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theSizeIsSetAndCanBeChanged() {
        try (PtyPair pty = open()) {
            assertThat(WindowSize.get(pty.slave())).isEqualTo(SIZE);
            WindowSize.of(80, 24).set(pty.master());
            assertThat(WindowSize.get(pty.slave())).isEqualTo(WindowSize.of(80, 24));
        }
    }

    @Test
    void modesReachTheTerminal() {
        try (PtyPair pty = open()) {
            byte[] modes = {
                42, 0, 0, 0, 1, 53, 0, 0, 0, 0, 72, 0, 0, 0, 0, 1, 0, 0, 0, 7, (byte) 129, 0, 0, 0x25, (byte) 0x80, 0
            };
            TerminalModes.parse(modes).apply(pty.slave());
            Termios termios = Termios.get(pty.slave());
            assertThat(termios.flags(Word.IFLAG) & 0x4000).as("IUTF8").isNotZero();
            assertThat(termios.flags(Word.LFLAG) & 0x8).as("ECHO").isZero();
            assertThat(termios.flags(Word.LFLAG) & 0x2).as("ICANON, untouched").isNotZero();
            assertThat(termios.flags(Word.OFLAG) & 0x4).as("ONLCR").isZero();
            assertThat(termios.controlCharacter(0)).as("VINTR").isEqualTo(7);
            assertThat(termios.outputSpeed()).as("B9600").isEqualTo(13);
            FileCalls.write(pty.slave(), bytes("a\n"));
            assertThat(FileCalls.read(pty.master(), 100)).isEqualTo(bytes("a\n"));
        }
    }

    @Test
    void aDirectoryThatIsNoDevptsIsRefused(@TempDir Path directory) {
        try (Fd fd = FileCalls.openat(directory.toString(), O_PATH, O_DIRECTORY)) {
            assertThatThrownBy(() -> PtyPair.open(fd, SIZE, UID, UID))
                    .isInstanceOfSatisfying(
                            SyscallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV))
                    .hasMessageContaining("no devpts");
        }
    }

    @Test
    void aPtmxThatIsMountedOverIsRefused(@TempDir Path directory) throws Exception {
        inMountNamespace(() -> {
            mount("devpts", directory.toString(), "devpts", Flags.NONE, "newinstance,ptmxmode=0666,mode=0620");
            try (Fd devpts = FileCalls.openat(directory.toString(), O_PATH, O_DIRECTORY)) {
                try (PtyPair pty = PtyPair.open(devpts, SIZE, UID, UID)) {
                    assertThat(pty.number()).as("an instance of its own").isZero();
                }
                mount("/dev/null", directory + "/ptmx", "none", Flags.of(MountFlag.MS_BIND), "");
                assertThatThrownBy(() -> PtyPair.open(devpts, SIZE, UID, UID))
                        .isInstanceOfSatisfying(
                                SyscallException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EXDEV));
            }
        });
    }

    /** On a thread of its own, whose mounts end with it. */
    private static void inMountNamespace(Runnable test) throws Exception {
        var task = new FutureTask<Void>(
                () -> {
                    ProcessCalls.unshare(CloneFlag.CLONE_FS, CloneFlag.CLONE_NEWNS);
                    mount("none", "/", "none", Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), "");
                    test.run();
                },
                null);
        Thread.ofPlatform().start(task).join();
        task.get();
    }

    private static void mount(String source, String target, String type, Flags flags, String data) {
        try (var memory = new NativeMemory()) {
            Syscall.call(
                    Sys.MOUNT,
                    memory.string(source),
                    memory.string(target),
                    memory.string(type),
                    flags,
                    memory.string(data));
        }
    }
}
