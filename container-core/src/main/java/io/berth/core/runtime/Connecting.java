// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.IPPROTO_TCP;
import static io.berth.core.linux.SocketConstant.SOCK_CLOEXEC;
import static io.berth.core.linux.SocketConstant.SOCK_STREAM;
import static io.berth.core.linux.SocketConstant.TCP_NODELAY;
import static io.berth.core.linux.SocketConstant.TCP_SYNCNT;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.Arrival.TurnedAwayException;
import java.time.Duration;
import java.util.List;

/**
 * One connection from inside a container. A process that is the user makes the socket and connects it, so that network, paths,
 * rights and resource limits are the container's; the agent fetches the socket, and the process ends. It may wait for a slow peer as
 * it likes: the door has forked it and is free.
 */
final class Connecting implements Task<Fd> {
    static final int CONNECTED = 6;
    static final int UNCONNECTED = 7;

    /** Four retries: 1+2+4+8+16 s; see tcp(7). Without it, the kernel's six take more than two minutes. */
    private static final int MOST_SYNS = 4;
    /** For the first address of a host and a little of the second. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final List<SocketAddress> addresses;
    private final Hold hold = Hold.make();

    /** @param addresses to be tried in this order */
    Connecting(List<SocketAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    @Override
    public List<Fd> standard() {
        return hold.standard();
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        Cell socket = plan.cell("socket");
        Cell result = plan.cell("result");
        for (SocketAddress address : addresses) {
            String next = "after " + address.text();
            Data sockaddr = plan.bytes(address.text(), address.bytes());
            plan.call("make a socket", Sys.SOCKET, address.family(), Flags.of(SOCK_STREAM, SOCK_CLOEXEC), 0)
                    .ignoreErrors()
                    .into(socket)
                    .set(result, socket)
                    .jumpIfLess(socket, 0, next);
            if (address.family() != AF_UNIX) {
                option(plan, socket, TCP_SYNCNT, MOST_SYNS);
                option(plan, socket, TCP_NODELAY, 1);
            }
            plan.call("connect to " + address.text(), Sys.CONNECT, socket, sockaddr, address.bytes().length)
                    .ignoreErrors()
                    .into(result)
                    .jumpIfEqual(result, 0, "connected")
                    .call("close it", Sys.CLOSE, socket)
                    .label(next);
        }
        plan.tell(UNCONNECTED, result).end(1).label("connected").tell(CONNECTED, socket);
        Hold.await(plan, "that it is fetched");
        plan.end(0);
    }

    private static void option(PlanBuilder plan, Cell socket, io.berth.core.linux.SocketConstant option, int value) {
        // a number of 32 bits in a cell of 64: the kernel reads the first four, which are these on little-endian
        // machines
        plan.call("set " + option, Sys.SETSOCKOPT, socket, IPPROTO_TCP, option, plan.longs("" + value, value), 4)
                .ignoreErrors();
    }

    @Override
    public Fd arrived(Arrival arrival, Plan plan) {
        try {
            if (arrival.awaitEither(CONNECTED, UNCONNECTED, PATIENCE) == UNCONNECTED) {
                throw new ContainerException(Refusal.CONFLICT, refusal(Errno.of(-arrival.await(UNCONNECTED))));
            }
            return arrival.fetch(arrival.await(CONNECTED));
        } catch (TurnedAwayException e) {
            throw new ContainerException(
                    Refusal.CONFLICT, "no connection to " + addresses.getFirst().text() + ": " + e.getMessage(), e);
        }
    }

    private String refusal(Errno errno) {
        String where = addresses.getLast().text();
        return "no connection to " + where + " from inside the container: "
                + switch (errno) {
                    case ECONNREFUSED -> "nobody listens there";
                    case ETIMEDOUT -> "no answer";
                    case ENOENT -> "there is no such socket";
                    case ENETUNREACH, EHOSTUNREACH -> "the container has no way there";
                    default -> errno.toString();
                };
    }

    @Override
    public void close() {
        hold.close();
    }
}
