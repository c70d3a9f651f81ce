// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.SOCK_CLOEXEC;
import static io.berth.core.linux.SocketConstant.SOCK_STREAM;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Step.Width;
import io.berth.core.process.Account;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.Arrival.TurnedAwayException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket inside a container, made by a process that is the user. The process stays, asleep: when the pipe that it waits at
 * ends, because the forward or its connection or the gateway has, it removes what it made, without anybody's help.
 */
final class UnixListening implements Task<Listener> {
    /** As sshd's StreamLocalBindMask. */
    private static final int UMASK = 0177;

    private static final int OWNER_ONLY = 0700;
    private static final long ALL_FDS = 0xffff_ffffL;
    private static final int STATX_TYPE = 1; // include/uapi/linux/stat.h
    private static final int STATX_BYTES = 0x100;
    private static final int STX_MODE = 0x1c;
    private static final int S_IFREG = 0100000; // a bit of S_IFSOCK, 0140000, too; and so is
    private static final int S_IFDIR = 0040000;
    private static final int S_IFCHR = 0020000; // is no bit of it

    private final String path;
    private final @Nullable String directory;
    private final Machine machine;
    private final Hold hold = Hold.make();
    private boolean kept;

    /** @param directory to be made for it, and removed with it; null when there is one already */
    UnixListening(String path, @Nullable String directory, Machine machine) {
        this.path = path;
        this.directory = directory;
        this.machine = machine;
    }

    @Override
    public List<Fd> standard() {
        return hold.standard();
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        Cell socket = plan.cell("socket");
        Cell result = plan.cell("result");
        SocketAddress address = SocketAddress.of(path);
        Data sockaddr = plan.bytes(address.text(), address.bytes());
        int length = address.bytes().length;
        if (directory != null) {
            plan.call("make " + directory, Sys.MKDIRAT, Fd.AT_FDCWD, directory, OWNER_ONLY)
                    .ignoreErrors()
                    .into(result)
                    .jumpIfLess(result, 0, "unbound");
        }
        plan.call("umask", Sys.UMASK, UMASK)
                .call("make a socket", Sys.SOCKET, AF_UNIX, Flags.of(SOCK_STREAM, SOCK_CLOEXEC), 0)
                .into(socket)
                .call("bind to " + address.text(), Sys.BIND, socket, sockaddr, length)
                .ignoreErrors()
                .into(result)
                .jumpIfEqual(result, 0, "bound")
                .jumpIfEqual(result, -Errno.EADDRINUSE.number(), "taken")
                .jump("unbound")
                .label("taken");
        removeIfDead(plan, sockaddr, length);
        plan.call("bind to it again", Sys.BIND, socket, sockaddr, length)
                .ignoreErrors()
                .into(result)
                .jumpIfLess(result, 0, "unbound")
                .label("bound")
                .call("listen", Sys.LISTEN, socket, TcpListening.BACKLOG)
                .tell(TcpListening.LISTENING, socket);
        Hold.await(plan, "that it is fetched");
        plan.call("let go of all but the pipe", Sys.CLOSE_RANGE, 1, ALL_FDS, 0);
        Hold.await(plan, "its end");
        plan.call("remove the socket", Sys.UNLINKAT, Fd.AT_FDCWD, path, 0).ignoreErrors();
        if (directory != null) {
            plan.call("remove its directory", Sys.UNLINKAT, Fd.AT_FDCWD, directory, Flags.of(AtFlag.AT_REMOVEDIR))
                    .ignoreErrors();
        }
        plan.end(0).label("unbound").tell(TcpListening.UNBOUND, result).end(1);
    }

    /** A socket that nobody listens at was left by somebody who was killed. What is no socket refuses connections, too, and stays. */
    private void removeIfDead(PlanBuilder plan, Data sockaddr, int length) {
        Cell probe = plan.cell("probe");
        Cell mode = plan.cell("mode");
        Data statx = plan.space("status of " + path, STATX_BYTES);
        plan.call(
                        "see what is there",
                        Sys.STATX,
                        Fd.AT_FDCWD,
                        path,
                        Flags.of(AtFlag.AT_SYMLINK_NOFOLLOW),
                        STATX_TYPE,
                        statx)
                .ignoreErrors()
                .load(mode, Width.UINT16, statx.at(STX_MODE))
                .jumpIfAny(mode, S_IFCHR, "unbound")
                .jumpIfAny(mode, S_IFREG, "maybe")
                .jump("unbound")
                .label("maybe")
                .jumpIfAny(mode, S_IFDIR, "socket")
                .jump("unbound")
                .label("socket")
                .call("make a socket to knock", Sys.SOCKET, AF_UNIX, Flags.of(SOCK_STREAM, SOCK_CLOEXEC), 0)
                .into(probe)
                .call("knock", Sys.CONNECT, probe, sockaddr, length)
                .ignoreErrors()
                .into(probe)
                .jumpIfEqual(probe, -Errno.ECONNREFUSED.number(), "dead")
                .jump("unbound")
                .label("dead")
                .call("remove what is dead", Sys.UNLINKAT, Fd.AT_FDCWD, path, 0)
                .ignoreErrors();
    }

    @Override
    public Listener arrived(Arrival arrival, Plan plan) {
        try {
            if (arrival.awaitEither(TcpListening.LISTENING, TcpListening.UNBOUND) == TcpListening.UNBOUND) {
                throw refused(String.valueOf(Errno.of(-arrival.await(TcpListening.UNBOUND))));
            }
        } catch (TurnedAwayException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        Fd socket = arrival.fetch(arrival.await(TcpListening.LISTENING));
        hold.go();
        machine.reaper().reap(arrival.take(), _ -> {});
        kept = true;
        return new Listener(new Endpoint.Unix(path), List.of(socket, hold.grip()), true);
    }

    private ContainerException refused(String why) {
        return new ContainerException(
                Refusal.CONFLICT,
                "no socket at '" + path + "' inside the container: " + why
                        + "; choose a path that is free and that the user may write to");
    }

    @Override
    public void close() {
        hold.pipe().readEnd().close();
        if (!kept) {
            hold.close();
        }
    }
}
