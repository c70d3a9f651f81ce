// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation with the kernel about the network namespace of the thread that began it. Not for use by several threads; a
 * conversation is cheap, so everybody has one of their own.
 */
final class Netlink implements AutoCloseable {
    private static final int RECEIVE_BYTES = 65536; // a dump's datagram has at most 32 KiB

    private final Fd socket;
    private int sequence;

    private Netlink(SocketConstant protocol) {
        socket = SocketCalls.netlink(protocol);
        SocketCalls.setsockopt(socket, SocketConstant.SOL_NETLINK, SocketConstant.NETLINK_EXT_ACK, 1);
    }

    /** Links, addresses, neighbours: rtnetlink(7). */
    static Netlink route() {
        return new Netlink(SocketConstant.NETLINK_ROUTE);
    }

    /** nftables: include/uapi/linux/netfilter/nfnetlink.h. */
    static Netlink netfilter() {
        return new Netlink(SocketConstant.NETLINK_NETFILTER);
    }

    /**
     * Sends all in one datagram; the kernel works through it before the sending returns. Later messages are tried even if an earlier
     * one failed, except in a netfilter batch, which holds as a whole or not at all.
     *
     * @throws io.berth.core.linux.SyscallException the first failure
     */
    void execute(List<NetlinkMessage> messages) {
        Map<Integer, NetlinkMessage> sent = send(messages);
        long expected = messages.stream().filter(NetlinkMessage::isAcknowledged).count();
        while (expected > 0) {
            for (NetlinkReply reply : receive()) {
                NetlinkMessage message = sent.get(reply.sequence());
                if (message != null && reply.isAcknowledgement()) {
                    reply.check(message.call());
                    expected--;
                }
            }
        }
    }

    /** Everything that the kernel lists in answer to one message. */
    List<NetlinkReply> dump(NetlinkMessage message) {
        send(List.of(message));
        List<NetlinkReply> all = new ArrayList<>();
        while (true) {
            for (NetlinkReply reply : receive()) {
                reply.check(message.call());
                if (reply.isEndOfDump()) {
                    return all;
                }
                all.add(reply);
            }
        }
    }

    /** The one answer to a question that is no dump. */
    NetlinkReply ask(NetlinkMessage message) {
        send(List.of(message));
        NetlinkReply reply = receive().getFirst();
        reply.check(message.call());
        return reply;
    }

    private Map<Integer, NetlinkMessage> send(List<NetlinkMessage> messages) {
        var datagram = new ByteArrayOutputStream();
        Map<Integer, NetlinkMessage> sent = new HashMap<>();
        for (NetlinkMessage message : messages) {
            sequence++;
            datagram.writeBytes(message.toBytes(sequence));
            sent.put(sequence, message);
        }
        SocketCalls.send(socket, datagram.toByteArray());
        return sent;
    }

    private List<NetlinkReply> receive() {
        return NetlinkReply.all(SocketCalls.recv(socket, RECEIVE_BYTES));
    }

    @Override
    public void close() {
        socket.close();
    }
}
