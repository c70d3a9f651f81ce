// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.pty.PtyPair;
import io.berth.core.pty.TerminalModes;
import io.berth.core.pty.WindowSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's stdin, stdout and stderr: three pipes, or one terminal of the container's own devpts.
 *
 * @param theirs what the process gets as fds 0, 1 and 2
 * @param ours what the caller gets: {@code [master]} or {@code [stdin, stdout, stderr]}
 * @param terminal the terminal's path inside
 */
record Stdio(List<Fd> theirs, List<Fd> ours, @Nullable String terminal) {
    /** As much as an sshd's socketpair holds; whoever carries bulk data is woken less often than by the kernel's 64 KiB. */
    private static final int PIPE_BYTES = 256 * 1024;

    /**
     * A terminal.
     *
     * @param devpts the container's devpts
     * @param owner the host's uid of the container's root
     */
    static Stdio terminal(PtyRequest request, Fd devpts, long owner) {
        WindowSize size =
                new WindowSize(request.columns(), request.rows(), request.widthPixels(), request.heightPixels());
        PtyPair pty = PtyPair.open(devpts, size, Math.toIntExact(owner), Math.toIntExact(owner + TTY_GROUP));
        TerminalModes.parse(request.modes()).apply(pty.slave());
        return new Stdio(
                List.of(pty.slave(), pty.slave(), pty.slave()), List.of(pty.master()), "/dev/pts/" + pty.number());
    }

    static Stdio pipes() {
        Pipe in = wide(FileCalls.pipe2());
        Pipe out = wide(FileCalls.pipe2());
        Pipe err = FileCalls.pipe2();
        return new Stdio(
                List.of(in.readEnd(), out.writeEnd(), err.writeEnd()),
                List.of(in.writeEnd(), out.readEnd(), err.readEnd()),
                null);
    }

    private static Pipe wide(Pipe pipe) {
        FileCalls.widen(pipe, PIPE_BYTES);
        return pipe;
    }

    /** Gives the terminal to the user; does nothing for pipes, which need no owner once open. */
    void own(long uid, long ttyGroup) {
        if (ours.size() == 1) {
            FileCalls.fchown(theirs.getFirst(), Math.toIntExact(uid), Math.toIntExact(ttyGroup));
        }
    }

    void closeTheirs() {
        theirs.forEach(Fd::close);
    }

    void closeOurs() {
        ours.forEach(Fd::close);
    }

    static final int TTY_GROUP = 5;
}
