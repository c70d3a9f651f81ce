// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FdOutputStream;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An attached process whose descriptors came over the agent's socket. */
final class SocketProcess implements AttachedProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int WINSIZE_BYTES = 8;
    // struct termios, include/uapi/asm-generic/termbits.h
    private static final int TERMIOS_BYTES = 36;
    private static final int LFLAG_OFFSET = 12;
    private static final int ECHO = 0x8;

    private final PacketChannel channel;
    private final ExitWatch exit;
    private final @Nullable Fd terminal;
    private final FdOutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;

    private SocketProcess(
            PacketChannel channel,
            ExitWatch exit,
            @Nullable Fd terminal,
            FdOutputStream stdin,
            InputStream stdout,
            InputStream stderr) {
        this.channel = channel;
        this.exit = exit;
        this.terminal = terminal;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Takes the ownership of everything when it returns, of nothing when it throws.
     *
     * @param fds {@code [pidfd, master]} or {@code [pidfd, stdin, stdout, stderr]}
     */
    static SocketProcess of(boolean pty, List<Fd> fds, PacketChannel channel) {
        if (fds.size() != (pty ? 2 : 4)) {
            throw new AgentException(Refusal.FAILED, "the node agent sent " + fds.size() + " descriptors; restart it");
        }
        List<AutoCloseable> made = new ArrayList<>();
        try {
            var exit = keep(made, new ExitWatch(channel, fds.getFirst()));
            return pty ? withTerminal(fds.get(1), channel, exit, made) : withPipes(fds, channel, exit, made);
        } catch (RuntimeException e) {
            closeAll(made);
            throw e;
        }
    }

    private static SocketProcess withTerminal(
            Fd master, PacketChannel channel, ExitWatch exit, List<AutoCloseable> made) {
        FdOutputStream stdin = keep(made, new FdOutputStream(keep(made, master.dup())));
        InputStream stdout = keep(made, new FdInputStream(keep(made, master.dup())));
        return new SocketProcess(channel, exit, master, stdin, stdout, InputStream.nullInputStream());
    }

    private static SocketProcess withPipes(
            List<Fd> fds, PacketChannel channel, ExitWatch exit, List<AutoCloseable> made) {
        FdOutputStream stdin = keep(made, new FdOutputStream(fds.get(1)));
        InputStream stdout = keep(made, new FdInputStream(fds.get(2)));
        return new SocketProcess(channel, exit, null, stdin, stdout, keep(made, new FdInputStream(fds.get(3))));
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> made, T resource) {
        made.add(resource);
        return resource;
    }

    private static void closeAll(List<AutoCloseable> resources) {
        Collections.reverse(resources);
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing " + resource, e);
            }
        }
    }

    @Override
    public boolean hasPty() {
        return terminal != null;
    }

    @Override
    public OutputStream stdin() {
        return terminal == null ? stdin : new Unclosed(stdin);
    }

    @Override
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        return stdin.offer(bytes, offset, length);
    }

    /** A terminal has no end of file of its own: the far side would lose its output with it. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream terminal;

        Unclosed(OutputStream terminal) {
            this.terminal = terminal;
        }

        @Override
        public void write(int b) throws IOException {
            terminal.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            terminal.write(bytes, offset, length);
        }
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    /** struct winsize, include/uapi/asm-generic/termios.h. */
    @Override
    public synchronized void resize(int columns, int rows, int widthPixels, int heightPixels) {
        if (terminal != null && terminal.isOpen()) {
            byte[] winsize = ByteBuffer.allocate(WINSIZE_BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) rows)
                    .putShort((short) columns)
                    .putShort((short) widthPixels)
                    .putShort((short) heightPixels)
                    .array();
            FileCalls.ioctl(terminal, Ioctl.TIOCSWINSZ, winsize);
        }
    }

    /** A master's ioctl reaches the slave's termios: tty_mode_ioctl, drivers/tty/tty_ioctl.c. */
    @Override
    public synchronized boolean echoes() {
        if (terminal == null || !terminal.isOpen()) {
            return false;
        }
        byte[] termios = new byte[TERMIOS_BYTES];
        try {
            FileCalls.ioctl(terminal, Ioctl.TCGETS, termios);
        } catch (SyscallException e) {
            return false; // nobody knows
        }
        return (ByteBuffer.wrap(termios).order(ByteOrder.nativeOrder()).getInt(LFLAG_OFFSET) & ECHO) != 0;
    }

    @Override
    public void signal(String name) {
        channel.send(Wire.encode(new Request.Signal(name)), List.of(), PATIENCE);
    }

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        try {
            return exit.result().get();
        } catch (ExecutionException e) {
            throw new AgentException(Refusal.FAILED, "waiting for the process: " + e.getCause(), e);
        } catch (CancellationException e) {
            throw new AgentException(Refusal.FAILED, "the session was closed before its process ended", e);
        }
    }

    @Override
    public void close() {
        exit.close();
        try {
            stdin.close();
            stdout.close();
            stderr.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing an attached process's streams", e);
        }
        synchronized (this) {
            if (terminal != null) {
                terminal.close();
            }
        }
    }
}
