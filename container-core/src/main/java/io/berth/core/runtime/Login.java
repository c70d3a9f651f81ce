// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.process.Reaper;
import io.berth.core.protocol.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An attached process: a child of this JVM that leads a session inside a container. */
final class Login implements Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final boolean pty;
    private final Child process;
    private final List<Fd> fds;
    private final CompletableFuture<Reply.Exited> exit = new CompletableFuture<>();
    private boolean reaped;

    /**
     * Takes the fds over.
     *
     * @param process for reaping
     * @param fds what the caller is given
     */
    Login(boolean pty, Child process, List<Fd> fds, Reaper reaper) {
        this.pty = pty;
        this.process = process;
        this.fds = List.copyOf(fds);
        reaper.watch(process.pidfd(), this::reap);
    }

    private void reap() {
        Optional<ExitStatus> status;
        synchronized (this) {
            status = process.waitForNow();
            if (status.isPresent()) {
                reaped = true;
                process.close();
            }
        }
        // a zombie that somebody in the container traces is hidden from its parent until the tracer lets go; left
        // unreaped, it
        // would keep the whole pid namespace from ending
        status.ifPresentOrElse(
                ended -> exit.complete(exited(ended)),
                () -> CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::reap));
    }

    static Reply.Exited exited(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited(int code) -> new Reply.Exited(code, null);
            case ExitStatus.Killed(int signal, boolean _) ->
                new Reply.Exited(
                        null,
                        Signal.of(signal)
                                .map(name -> name.name().substring("SIG".length()))
                                .orElse("RT" + signal));
        };
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

    /** To the session leader's process group, as sshd does; a pid that was not reaped yet can't be anybody else's. */
    @Override
    public synchronized void signal(String name) {
        Arrays.stream(Signal.values())
                .filter(signal -> !reaped && signal.name().equals("SIG" + name))
                .forEach(this::kill);
    }

    private void kill(Signal signal) {
        try {
            ProcessCalls.kill(-process.pid(), signal);
        } catch (SyscallException e) {
            LOG.debug(
                    "event=signal-not-sent pid={} signal={} error={}, ignoring", process.pid(), signal, e.getMessage());
        }
    }

    @Override
    public void close() {
        fds.forEach(Fd::close);
    }
}
