// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Child;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Spawn;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Reply;
import io.berth.core.runtime.Attachment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code sh -c command} on the host, in place of a container's process. */
final class HostProcess implements Attachment {
    private final Child child;
    private final Fd held;
    private final boolean pty;
    private final List<Fd> fds;
    private final CompletableFuture<Reply.Exited> exit = new CompletableFuture<>();

    private HostProcess(Child child, boolean pty, List<Fd> fds) {
        this.child = child;
        this.held = child.pidfd().dup();
        this.pty = pty;
        this.fds = fds;
        Thread.ofPlatform().daemon().start(this::reap);
    }

    static HostProcess start(AttachRequest request) {
        List<String> argv = List.of("sh", "-c", String.valueOf(request.command()));
        try (Fd shell = FileCalls.openat("/bin/sh", OpenFlag.O_PATH)) {
            return request.pty() == null ? withPipes(shell, argv) : withTerminal(shell, argv, request.pty());
        }
    }

    private static HostProcess withPipes(Fd shell, List<String> argv) {
        Pipe in = FileCalls.pipe2();
        Pipe out = FileCalls.pipe2();
        Pipe err = FileCalls.pipe2();
        try (Fd stdin = in.readEnd();
                Fd stdout = out.writeEnd();
                Fd stderr = err.writeEnd()) {
            Child child = Spawn.spawn(shell, argv, List.of(stdin, stdout, stderr));
            return new HostProcess(child, false, List.of(child.pidfd(), in.writeEnd(), out.readEnd(), err.readEnd()));
        }
    }

    private static HostProcess withTerminal(Fd shell, List<String> argv, PtyRequest pty) {
        Fd master = FileCalls.openat("/dev/ptmx", OpenFlag.O_RDWR, OpenFlag.O_NOCTTY);
        FileCalls.ioctl(master, Ioctl.TIOCSPTLCK, new byte[4]);
        byte[] winsize = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putShort((short) pty.rows())
                .putShort((short) pty.columns())
                .array();
        FileCalls.ioctl(master, Ioctl.TIOCSWINSZ, winsize);
        long flags = OpenFlag.O_RDWR.value() | OpenFlag.O_NOCTTY.value() | OpenFlag.O_CLOEXEC.value();
        try (Fd slave = Fd.adopt(FileCalls.ioctl(master, Ioctl.TIOCGPTPEER, flags), "slave")) {
            Child child = Spawn.spawn(shell, argv, List.of(slave, slave, slave));
            return new HostProcess(child, true, List.of(child.pidfd(), master));
        }
    }

    private void reap() {
        try (held) {
            ExitStatus status = new Child(child.pid(), held).waitFor();
            exit.complete(
                    switch (status) {
                        case ExitStatus.Exited(int code) -> new Reply.Exited(code, null);
                        case ExitStatus.Killed(int signal, boolean _) ->
                            new Reply.Exited(
                                    null, Signal.of(signal).orElseThrow().name().substring(3));
                    });
        }
    }

    @Override
    public boolean hasPty() {
        return pty;
    }

    @Override
    public List<Fd> fds() {
        return fds;
    }

    @Override
    public CompletableFuture<Reply.Exited> exit() {
        return exit;
    }

    @Override
    public void signal(String name) {
        if (!exit.isDone()) {
            io.berth.core.linux.ProcessCalls.kill(child.pid(), Signal.valueOf("SIG" + name));
        }
    }

    @Override
    public void close() {
        fds.forEach(Fd::close);
    }
}
