// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AttachedProcess;
import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FdOutputStream;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.Reply;
import io.berth.core.pty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A process of this machine, as an agent would hand it out. */
final class LocalProcess implements AttachedProcess {
    private final Child child;
    private final @Nullable Fd terminal;
    private final FdOutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Reply.Exited> exit = new CompletableFuture<>();

    private LocalProcess(
            Child child, @Nullable Fd terminal, FdOutputStream stdin, InputStream stdout, InputStream stderr) {
        this.child = child;
        this.terminal = terminal;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        Thread.ofPlatform().daemon().name("reap-" + child.pid()).start(() -> exit.complete(exited(child.waitFor())));
    }

    static LocalProcess withPipes(Child child, Fd stdin, Fd stdout, Fd stderr) {
        return new LocalProcess(
                child, null, new FdOutputStream(stdin), new FdInputStream(stdout), new FdInputStream(stderr));
    }

    static LocalProcess withTerminal(Child child, Fd master) {
        var in = new FdOutputStream(master.dup());
        return new LocalProcess(child, master, in, new FdInputStream(master.dup()), InputStream.nullInputStream());
    }

    private static Reply.Exited exited(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited(int code) -> new Reply.Exited(code, null);
            case ExitStatus.Killed(int signal, boolean _) ->
                new Reply.Exited(null, Signal.of(signal).orElseThrow().name().substring("SIG".length()));
        };
    }

    @Override
    public boolean hasPty() {
        return terminal != null;
    }

    @Override
    public OutputStream stdin() {
        return terminal == null
                ? stdin
                : new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        stdin.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        stdin.write(bytes, offset, length);
                    }
                };
    }

    @Override
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        return stdin.offer(bytes, offset, length);
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public void resize(int columns, int rows, int widthPixels, int heightPixels) {
        if (terminal != null) {
            new WindowSize(columns, rows, widthPixels, heightPixels).set(terminal);
        }
    }

    @Override
    public boolean echoes() {
        if (terminal == null) {
            return false;
        }
        byte[] termios = new byte[36]; // its flags of the local mode are at 12, ECHO is 8
        FileCalls.ioctl(terminal, Ioctl.TCGETS, termios);
        return (ByteBuffer.wrap(termios).order(ByteOrder.nativeOrder()).getInt(12) & 8) != 0;
    }

    @Override
    public void signal(String name) {
        try {
            ProcessCalls.kill(
                    -child.pid(), Signal.valueOf("SIG" + name)); // it leads a process group: Spawn makes a session
        } catch (SyscallException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    @Override
    public Reply.Exited waitFor() {
        return exit.join();
    }

    @Override
    public void close() {
        try {
            stdin.close();
            stdout.close();
            stderr.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (terminal != null) {
            terminal.close();
        }
    }
}
