// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.SocketConstant.AF_INET;
import static io.berth.core.linux.SocketConstant.AF_INET6;
import static io.berth.core.linux.SocketConstant.AF_NETLINK;
import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.MSG_CMSG_CLOEXEC;
import static io.berth.core.linux.SocketConstant.MSG_CTRUNC;
import static io.berth.core.linux.SocketConstant.MSG_NOSIGNAL;
import static io.berth.core.linux.SocketConstant.MSG_TRUNC;
import static io.berth.core.linux.SocketConstant.SOCK_CLOEXEC;
import static io.berth.core.linux.SocketConstant.SOL_SOCKET;
import static io.berth.core.linux.SocketConstant.SO_PEERCRED;
import static io.berth.core.linux.Syscall.call;
import static io.berth.core.linux.Syscall.describe;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** System calls on Unix and netlink sockets, one wrapper each. */
public final class SocketCalls {
    private static final int SUN_PATH_MAX = 107; // sockaddr_un.sun_path less its NUL, include/uapi/linux/un.h

    private static final int SOCKADDR_STORAGE_BYTES = 128; // _K_SS_MAXSIZE, include/uapi/linux/socket.h

    private static final int IPV4_BYTES = 4;
    // struct sockaddr_in and sockaddr_in6, include/uapi/linux/in.h, in6.h
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;

    private SocketCalls() {}

    public static Fd socket(SocketConstant family, SocketConstant type, long protocol) {
        return Fd.adopt(call(Sys.SOCKET, family, Flags.of(type, SOCK_CLOEXEC), protocol), family + " socket");
    }

    public static SocketPair socketpair(SocketConstant type) {
        try (var memory = new NativeMemory()) {
            NativeBuffer ends = memory.allocate(2 * Integer.BYTES).named("ends");
            call(Sys.SOCKETPAIR, AF_UNIX, Flags.of(type, SOCK_CLOEXEC), 0, ends);
            return new SocketPair(Fd.adopt(ends.getInt(0), "left socket"), Fd.adopt(ends.getInt(4), "right socket"));
        }
    }

    public static void bindUnix(Fd socket, String path) {
        try (var memory = new NativeMemory()) {
            NativeBuffer address = unixAddress(memory, path);
            call(Sys.BIND, socket, address, address.size());
        }
    }

    /** @param address of the socket's family; an IPv4 socket can't have an IPv6 address */
    public static void bindInternet(Fd socket, InetSocketAddress address) {
        byte[] host = address.getAddress().getAddress();
        boolean isV4 = host.length == IPV4_BYTES;
        byte[] sockaddr = new byte[isV4 ? SOCKADDR_IN_BYTES : SOCKADDR_IN6_BYTES];
        ByteBuffer.wrap(sockaddr)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (isV4 ? AF_INET : AF_INET6).value())
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) address.getPort())
                .put(isV4 ? 4 : 8, host);
        try (var memory = new NativeMemory()) {
            call(Sys.BIND, socket, memory.bytes(sockaddr).named(address.toString()), sockaddr.length);
        }
    }

    /** Where a socket of the internet's families is bound: getsockname(2). */
    public static InetSocketAddress localAddress(Fd socket) {
        try (var memory = new NativeMemory()) {
            NativeBuffer address = memory.allocate(SOCKADDR_STORAGE_BYTES).named("address");
            NativeBuffer length = memory.allocate(Integer.BYTES).putInt(0, address.size());
            call(Sys.GETSOCKNAME, socket, address, length);
            return internetAddress(address).orElseThrow(() -> new IllegalStateException(socket + " has no port"));
        }
    }

    public static void listen(Fd socket, int backlog) {
        call(Sys.LISTEN, socket, backlog);
    }

    public static Fd accept4(Fd socket) {
        return Fd.adopt(call(Sys.ACCEPT4, socket, 0, 0, SOCK_CLOEXEC), "connection of " + socket);
    }

    /** The same, with who connected. */
    public static AcceptedSocket accept4From(Fd socket) {
        try (var memory = new NativeMemory()) {
            NativeBuffer address = memory.allocate(SOCKADDR_STORAGE_BYTES).named("address");
            NativeBuffer length = memory.allocate(Integer.BYTES).putInt(0, address.size());
            long accepted = call(Sys.ACCEPT4, socket, address, length, SOCK_CLOEXEC);
            return new AcceptedSocket(Fd.adopt(accepted, "connection of " + socket), internetAddress(address));
        }
    }

    /** struct sockaddr_in and sockaddr_in6, include/uapi/linux/in.h, in6.h; the port is in network order in both. */
    private static Optional<InetSocketAddress> internetAddress(NativeBuffer sockaddr) {
        byte[] bytes = sockaddr.getBytes(0, SOCKADDR_STORAGE_BYTES);
        int family = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(0);
        int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(2));
        byte[] address = family == AF_INET.value()
                ? Arrays.copyOfRange(bytes, 4, 8)
                : family == AF_INET6.value() ? Arrays.copyOfRange(bytes, 8, 24) : new byte[0];
        try {
            return address.length == 0
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    public static void connectUnix(Fd socket, String path) {
        try (var memory = new NativeMemory()) {
            NativeBuffer address = unixAddress(memory, path);
            call(Sys.CONNECT, socket, address, address.size());
        }
    }

    /** struct sockaddr_un. */
    private static NativeBuffer unixAddress(NativeMemory memory, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > SUN_PATH_MAX) {
            throw new IllegalArgumentException("the socket's path '" + path + "' is longer than " + SUN_PATH_MAX
                    + " bytes: choose a shorter runtime directory");
        }
        return memory.allocate(2 + bytes.length + 1)
                .putShort(0, (int) AF_UNIX.value())
                .put(2, bytes)
                .named("'" + path + "'");
    }

    /** Who connected, as the kernel recorded it at connect(2) or socketpair(2). */
    public static PeerCredentials peerCredentials(Fd socket) {
        try (var memory = new NativeMemory()) {
            NativeBuffer ucred = memory.allocate(3 * Integer.BYTES).named("ucred");
            NativeBuffer length = memory.allocate(Integer.BYTES).putInt(0, ucred.size());
            call(Sys.GETSOCKOPT, socket, SOL_SOCKET, SO_PEERCRED, ucred, length);
            return new PeerCredentials(ucred.getInt(0), ucred.getInt(4), ucred.getInt(8));
        }
    }

    public static void setsockopt(Fd socket, SocketConstant level, SocketConstant option, int value) {
        try (var memory = new NativeMemory()) {
            NativeBuffer number =
                    memory.allocate(Integer.BYTES).putInt(0, value).named(Integer.toString(value));
            call(Sys.SETSOCKOPT, socket, level, option, number, number.size());
        }
    }

    public static void shutdown(Fd socket, SocketConstant how) {
        call(Sys.SHUTDOWN, socket, how);
    }

    /** One message with descriptors beside it; the caller keeps and closes its own. Not on netlink. */
    public static void sendmsg(Fd socket, byte[] bytes, List<Fd> fds, SocketConstant... flags) {
        try (var memory = new NativeMemory()) {
            MessageHeader message = MessageHeader.toSend(memory, bytes, fds);
            call(Sys.SENDMSG, socket, message.address(), Flags.of(MSG_NOSIGNAL).with(flags));
        }
    }

    /**
     * Receives one message; its descriptors are close-on-exec.
     *
     * @return empty when the other end has closed
     * @throws SyscallException EMSGSIZE when the message or its descriptors don't fit; none of them stays open
     */
    public static Optional<ReceivedMessage> recvmsg(Fd socket, int maxBytes, int maxFds, SocketConstant... flags) {
        try (var memory = new NativeMemory()) {
            MessageHeader message = MessageHeader.toReceive(memory, maxBytes, maxFds);
            Flags all = Flags.of(MSG_CMSG_CLOEXEC).with(flags);
            int length = (int) call(Sys.RECVMSG, socket, message.address(), all);
            ReceivedMessage received = message.received(length);
            if ((message.flags() & Flags.bits(MSG_TRUNC, MSG_CTRUNC)) != 0) {
                received.close();
                throw new SyscallException(describe(Sys.RECVMSG, socket, message.address(), all), Errno.EMSGSIZE);
            }
            return length == 0 && received.fds().isEmpty() ? Optional.empty() : Optional.of(received);
        }
    }

    /** A bound netlink socket of the calling thread's network namespace. */
    public static Fd netlink(SocketConstant protocol) {
        Fd socket = socket(AF_NETLINK, SocketConstant.SOCK_RAW, protocol.value());
        try (var memory = new NativeMemory()) {
            // struct sockaddr_nl, include/uapi/linux/netlink.h: the kernel chooses the port id
            NativeBuffer address = memory.allocate(12).putShort(0, (int) AF_NETLINK.value());
            call(Sys.BIND, socket, address, address.size());
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** @return how many bytes went out */
    public static int send(Fd socket, byte[] bytes, SocketConstant... flags) {
        try (var memory = new NativeMemory()) {
            Flags all = Flags.of(MSG_NOSIGNAL).with(flags);
            return (int) call(Sys.SENDTO, socket, memory.bytes(bytes), bytes.length, all, 0, 0);
        }
    }

    /**
     * One datagram. Not for stream sockets, where MSG_TRUNC discards.
     *
     * @throws SyscallException EMSGSIZE when the datagram is longer
     */
    public static byte[] recv(Fd socket, int maxBytes, SocketConstant... flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(maxBytes);
            Object[] args = {socket, buffer, maxBytes, Flags.of(MSG_TRUNC).with(flags), 0, 0};
            int length = (int) call(Sys.RECVFROM, args);
            if (length > maxBytes) {
                throw new SyscallException(describe(Sys.RECVFROM, args), Errno.EMSGSIZE);
            }
            return buffer.getBytes(0, length);
        }
    }
}
