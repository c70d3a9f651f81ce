// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.SHUT_RDWR;
import static io.berth.core.linux.SocketConstant.SOCK_SEQPACKET;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.PacketChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The agent's socket in the file system.
 *
 * <p>Its mode is 0666: platform and gateway have different uids and share no group, and a group of both would open the platform's
 * group-readable files to the gateway. The mode decides nothing here: SO_PEERCRED does, before a byte is read, and a uid
 * that is neither costs one accept(2).
 */
final class ListeningSocket implements AutoCloseable {
    private static final int MODE = 0666;
    private static final int BACKLOG = 1024;

    private final Fd socket;
    private final Path path;
    private boolean stopped;

    private ListeningSocket(Fd socket, Path path) {
        this.socket = socket;
        this.path = path;
    }

    /**
     * Listens at {@code path}; what a dead agent left there is replaced in one step, so that callers meet either.
     *
     * @throws StartException when somebody listens there
     */
    static ListeningSocket bind(Path path) {
        requireSilence(path);
        String fresh = path + ".new";
        Fd socket = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET, 0);
        try {
            unlink(fresh);
            SocketCalls.bindUnix(socket, fresh);
            FileCalls.fchmodat(Fd.AT_FDCWD, fresh, MODE);
            SocketCalls.listen(socket, BACKLOG);
            FileCalls.renameat2(Fd.AT_FDCWD, fresh, Fd.AT_FDCWD, path.toString());
            return new ListeningSocket(socket, path);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void requireSilence(Path path) {
        try {
            PacketChannel.connect(path).close();
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ECONNREFUSED) {
                return;
            }
            throw e;
        }
        throw new StartException("another process listens at " + path
                + "; stop it with ./berth down, or set BERTH_RUN_DIR to another directory");
    }

    /** Blocks; empty once closed. */
    Optional<Fd> accept() {
        while (true) {
            try {
                return Optional.of(SocketCalls.accept4(socket));
            } catch (SyscallException e) {
                if (e.errno() == Errno.EINVAL) { // shut down by stop()
                    return Optional.empty();
                }
                if (e.errno() != Errno.ECONNABORTED) {
                    throw e;
                }
            }
        }
    }

    /** Wakes {@link #accept}; new callers are refused from now on. Idempotent, from any thread. */
    synchronized void stop() {
        if (!stopped) {
            stopped = true;
            unlink(path.toString());
            SocketCalls.shutdown(socket, SHUT_RDWR);
        }
    }

    /** Stops, and gives the socket back; no thread may be in {@link #accept}. */
    @Override
    public synchronized void close() {
        stop();
        socket.close();
    }

    private static void unlink(String path) {
        try {
            FileCalls.unlinkat(Fd.AT_FDCWD, path);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }
}
