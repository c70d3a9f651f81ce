// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static io.berth.core.linux.SocketConstant.AF_INET6;
import static io.berth.core.linux.SocketConstant.IPPROTO_IPV6;
import static io.berth.core.linux.SocketConstant.IPV6_V6ONLY;
import static io.berth.core.linux.SocketConstant.SOCK_CLOEXEC;
import static io.berth.core.linux.SocketConstant.SOCK_STREAM;
import static io.berth.core.linux.SocketConstant.SOL_SOCKET;
import static io.berth.core.linux.SocketConstant.SO_REUSEADDR;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Step.Width;
import io.berth.core.process.Account;
import java.util.List;

/** A TCP port inside a container, bound by a process that is the user; the agent fetches the socket, and the process ends. */
final class TcpListening implements Task<TcpListening.Outcome> {
    static final int LISTENING = 8;
    static final int UNBOUND = 9;
    static final int PORT = 10;

    /** As sshd's SSH_LISTEN_BACKLOG. */
    static final int BACKLOG = 128;

    private final SocketAddress address;
    private final boolean bothFamilies;
    private final Hold hold = Hold.make();

    /** @param bothFamilies whether an IPv6 socket takes IPv4, too */
    TcpListening(SocketAddress address, boolean bothFamilies) {
        this.address = address;
        this.bothFamilies = bothFamilies;
    }

    /** "No" is ordinary: of two families one may be off. */
    sealed interface Outcome {
        record Bound(Fd socket, int port) implements Outcome {}

        record Unbound(Errno errno) implements Outcome {}
    }

    @Override
    public List<Fd> standard() {
        return hold.standard();
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        Cell socket = plan.cell("socket");
        Cell result = plan.cell("result");
        Cell port = plan.cell("port");
        Data sockaddr = plan.bytes(address.text(), address.bytes());
        int length = address.bytes().length;
        plan.call("make a socket", Sys.SOCKET, address.family(), Flags.of(SOCK_STREAM, SOCK_CLOEXEC), 0)
                .ignoreErrors()
                .into(socket)
                .set(result, socket)
                .jumpIfLess(socket, 0, "unbound");
        option(plan, socket, SOL_SOCKET, SO_REUSEADDR, 1);
        if (address.family() == AF_INET6) {
            option(plan, socket, IPPROTO_IPV6, IPV6_V6ONLY, bothFamilies ? 0 : 1);
        }
        plan.call("bind to " + address.text(), Sys.BIND, socket, sockaddr, length)
                .ignoreErrors()
                .into(result)
                .jumpIfLess(result, 0, "unbound")
                .call("listen", Sys.LISTEN, socket, BACKLOG)
                .ignoreErrors()
                .into(result)
                .jumpIfLess(result, 0, "unbound")
                .call("see the port", Sys.GETSOCKNAME, socket, sockaddr, plan.longs("length", length))
                .load(port, Width.UINT16, sockaddr.at(SocketAddress.PORT_OFFSET))
                .tell(PORT, port)
                .tell(LISTENING, socket);
        Hold.await(plan, "that it is fetched");
        plan.end(0).label("unbound").tell(UNBOUND, result).end(1);
    }

    private static void option(PlanBuilder plan, Cell socket, SocketConstant level, SocketConstant option, int value) {
        plan.call("set " + option, Sys.SETSOCKOPT, socket, level, option, plan.longs("" + value, value), Integer.BYTES);
    }

    @Override
    public Outcome arrived(Arrival arrival, Plan plan) {
        if (arrival.awaitEither(LISTENING, UNBOUND) == UNBOUND) {
            return new Outcome.Unbound(Errno.of(-arrival.await(UNBOUND)));
        }
        int port = SocketAddress.port(arrival.await(PORT));
        return new Outcome.Bound(arrival.fetch(arrival.await(LISTENING)), port);
    }

    @Override
    public void close() {
        hold.close();
    }
}
