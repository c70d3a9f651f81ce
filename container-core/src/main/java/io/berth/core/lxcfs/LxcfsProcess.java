// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Report;
import io.berth.core.plan.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** lxcfs's process and its mount, which is made before the process so that nobody has to wait for it to appear. */
final class LxcfsProcess {
    private static final Logger LOG = LoggerFactory.getLogger(LxcfsProcess.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int MOST_STACKED = 64;

    private final Path directory;
    private final Path mountPoint;
    private final Path pidFile;
    private final String name;
    private final Spawner spawner;
    private final Consumer<PlanBuilder> begin;

    LxcfsProcess(Path directory, Spawner spawner, Consumer<PlanBuilder> begin) {
        this.directory = directory;
        this.mountPoint = directory.resolve("mount");
        this.pidFile = directory.resolve("pid");
        this.name = "lxcfs@" + mountPoint;
        this.spawner = spawner;
        this.begin = begin;
    }

    boolean isInstalled() {
        return program().isPresent();
    }

    /** In /usr, as that alone is in its root. */
    private static Optional<Path> program() {
        return Stream.of("/usr/bin/lxcfs", "/usr/sbin/lxcfs", "/usr/local/bin/lxcfs")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The one that runs, or a new one. The descriptor is the caller's. */
    Fd ensure() throws IOException {
        Optional<Fd> running = find();
        if (running.isPresent() && answers()) {
            return running.get();
        }
        running.ifPresent(this::end);
        return start();
    }

    /** The process that we started: a pid alone may have been given to another. */
    private Optional<Fd> find() {
        Optional<Integer> pid = read(pidFile).map(String::strip).flatMap(LxcfsProcess::number);
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Fd pidfd;
        try {
            pidfd = ProcessCalls.pidfdOpen(pid.get());
        } catch (SyscallException e) {
            return Optional.empty(); // ESRCH: it has ended
        }
        // read after the pidfd was opened: it is that process's, and empty for one that was not reaped yet
        String commandLine =
                read(Path.of("/proc", pid.get().toString(), "cmdline")).orElse("");
        if (commandLine.startsWith(name + "\0") && !PollCalls.awaitReadable(pidfd, Duration.ZERO)) {
            return Optional.of(pidfd);
        }
        pidfd.close();
        return Optional.empty();
    }

    private boolean answers() {
        try (Fd _ = open(View.MEMINFO)) {
            return true;
        } catch (SyscallException e) {
            LOG.warn("event=lxcfs-without-mount error=\"{}\", starting another", e.getMessage());
            return false;
        }
    }

    private Fd start() throws IOException {
        Path program = program().orElseThrow(() -> new IOException("there is no lxcfs; apt-get install lxcfs"));
        unmount();
        Files.createDirectories(mountPoint);
        FileCalls.fchmodat(Fd.AT_FDCWD, directory.toString(), 0700); // what it shows is for containers
        try (Fd fuse = openFuse()) {
            mount(fuse);
            LxcfsPlan plan = LxcfsPlan.compose(program.toString(), name, begin);
            Child started = awaitExec(spawner.start(plan.plan(), Map.of(plan.fuse(), fuse)));
            Files.writeString(pidFile, started.pid() + "\n");
            LOG.info("event=lxcfs-started pid={}", started.pid());
            return started.pidfd();
        } catch (RuntimeException | IOException e) {
            unmount();
            throw e;
        }
    }

    private static Child awaitExec(Spawner.Running started) {
        try (Report report = started.report()) {
            report.next(PATIENCE); // empty once it is executed
            return started.child();
        } catch (RuntimeException e) {
            started.child().kill(Signal.SIGKILL);
            started.child().waitFor();
            started.child().close();
            throw e;
        }
    }

    private static Fd openFuse() {
        try {
            return FileCalls.openat("/dev/fuse", OpenFlag.O_RDWR);
        } catch (SyscallException e) {
            throw new SyscallException(e.call(), e.errno(), "load the module: modprobe fuse");
        }
    }

    /** See Documentation/filesystems/fuse/fuse.rst. Read-only: container root can write to nothing of it, whoever owns the mount. */
    private void mount(Fd fuse) {
        Flags flags = Flags.of(MountFlag.MS_RDONLY, MountFlag.MS_NOSUID, MountFlag.MS_NODEV, MountFlag.MS_NOEXEC);
        MountCalls.mount(
                "lxcfs",
                mountPoint.toString(),
                "fuse.lxcfs",
                flags,
                "fd=" + fuse.number() + ",rootmode=40000,user_id=0,group_id=0,allow_other");
    }

    /** Waits until it answers: it looks each of them up. */
    Map<View, Fd> openFiles() {
        Map<View, Fd> files = new EnumMap<>(View.class);
        for (View view : View.values()) {
            try {
                files.put(view, open(view));
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT) { // an lxcfs that is older than the view
                    files.values().forEach(Fd::close);
                    throw e;
                }
            }
        }
        return files;
    }

    /** What its mounts have as device, which no other mount of this machine has. */
    String device() throws IOException {
        return MountedViews.device(Files.readString(Path.of("/proc/self/mountinfo")), mountPoint.toString())
                .orElseThrow(() -> new IOException("nothing is mounted at " + mountPoint));
    }

    private Fd open(View view) {
        return FileCalls.openat(mountPoint.resolve(view.file()).toString(), OpenFlag.O_PATH);
    }

    /** A mount whose process has died can only be let go of. */
    private void unmount() {
        for (int i = 0; i < MOST_STACKED; i++) {
            try {
                MountCalls.umount2(mountPoint.toString(), UmountFlag.MNT_DETACH, UmountFlag.UMOUNT_NOFOLLOW);
            } catch (SyscallException e) {
                if (Set.of(Errno.EINVAL, Errno.ENOENT).contains(e.errno())) {
                    return; // nothing is mounted there any more
                }
                throw e;
            }
        }
    }

    /** One that has ended and was our child; an earlier agent's went to the host's init. */
    static void reap(Fd pidfd) {
        try {
            ProcessCalls.waitidNow(pidfd);
        } catch (SyscallException e) {
            LOG.debug("event=not-our-child error={}, ignoring", e.getMessage());
        }
    }

    void terminate() {
        find().ifPresent(this::end);
        unmount();
    }

    /** Ends it, and closes what is held of it. */
    void end(Fd pidfd) {
        try (pidfd) {
            ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGTERM);
            if (!PollCalls.awaitReadable(pidfd, GRACE)) {
                ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGKILL);
                PollCalls.awaitReadable(pidfd, null);
            }
            reap(pidfd);
        } catch (SyscallException e) {
            LOG.debug("event=lxcfs-ended error={}, ignoring", e.getMessage());
        }
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(pid -> pid > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
