// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jline.terminal.Size;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lobby as a channel sees it: a process like those in containers, but one of ours, with no descriptor and no right. */
public final class LobbyProcess implements AttachedProcess {
    private static final Logger LOG = LoggerFactory.getLogger(LobbyProcess.class);
    private static final int MOST_LINE_BYTES = 64 * 1024;
    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;

    private final Visitor visitor;
    private final @Nullable String command;
    private final @Nullable PtyRequest pty;
    private final ByteQueue in = new ByteQueue();
    private final ByteQueue out = new ByteQueue();
    private final ByteQueue err = new ByteQueue();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private @Nullable Thread thread;
    private @Nullable Prompt prompt;
    private boolean closed;

    private LobbyProcess(Visitor visitor, @Nullable String command, @Nullable PtyRequest pty) {
        this.visitor = visitor;
        this.command = command;
        this.pty = pty;
    }

    /**
     * @param command null for the command line
     * @param pty the client's terminal, null for pipes
     */
    public static LobbyProcess start(
            Visitor visitor, @Nullable String command, @Nullable PtyRequest pty, Executor threads) {
        var process = new LobbyProcess(visitor, command, pty);
        threads.execute(process::run);
        return process;
    }

    private void run() {
        int status = Lobby.SILENT;
        if (!begin()) {
            return;
        }
        try (OutputStream toClient = out.writer();
                OutputStream toStderr = err.writer()) {
            status = pty == null ? overPipes(toClient, toStderr) : atTerminal(pty, toClient);
        } catch (IOException e) {
            LOG.debug("event=gone-from-the-lobby", e);
        } catch (RuntimeException e) {
            LOG.error("event=lobby-failed", e);
        } finally {
            finish(status);
        }
    }

    private synchronized boolean begin() {
        thread = Thread.currentThread();
        return !closed;
    }

    /** The thread goes back to its pool: nobody may interrupt it any more. */
    private void finish(int status) {
        synchronized (this) {
            thread = null;
            prompt = null;
            Thread.interrupted();
        }
        in.abandon();
        end.complete(status);
    }

    private int overPipes(OutputStream toClient, OutputStream toStderr) throws IOException {
        var console = new Console(writer(toClient), writer(toStderr), null);
        if (command != null) {
            return Lobby.run(command, visitor, console);
        }
        int status = Lobby.DONE;
        var lines = new BufferedReader(
                new InputStreamReader(new BoundedLines(in.reader(), MOST_LINE_BYTES), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !line.equals("exit"); line = lines.readLine()) {
            status = Lobby.run(line, visitor, console);
        }
        return status;
    }

    private static PrintWriter writer(OutputStream to) {
        return new PrintWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), true);
    }

    private int atTerminal(PtyRequest terminal, OutputStream toClient) throws IOException {
        var size = new Size(
                terminal.columns() == 0 ? DEFAULT_COLUMNS : terminal.columns(),
                terminal.rows() == 0 ? DEFAULT_ROWS : terminal.rows());
        try (var made = new Prompt(visitor, terminal.term(), size, in.reader(), toClient)) {
            synchronized (this) {
                prompt = made;
            }
            return command == null ? made.run() : made.once(command);
        }
    }

    @Override
    public boolean hasPty() {
        return pty != null;
    }

    @Override
    public OutputStream stdin() {
        return in.writer();
    }

    @Override
    public InputStream stdout() {
        return out.reader();
    }

    @Override
    public InputStream stderr() {
        return err.reader();
    }

    @Override
    public synchronized void resize(int columns, int rows, int widthPixels, int heightPixels) {
        if (prompt != null && columns > 0 && rows > 0) {
            prompt.resize(columns, rows);
        }
    }

    /** Any that would end a program ends what is waited for. */
    @Override
    public synchronized void signal(String name) {
        if (prompt != null) {
            prompt.interrupt();
        } else if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public Reply.Exited waitFor() throws InterruptedException {
        return new Reply.Exited(end.join(), null);
    }

    @Override
    public synchronized void close() {
        closed = true;
        in.abandon();
        out.abandon();
        err.abandon();
        if (thread != null) {
            thread.interrupt();
        }
        end.complete(Lobby.SILENT);
    }
}
