// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/**
 * AF_*, SOCK_*, SOL_*, SO_*, MSG_*: include/linux/socket.h and include/uapi/asm-generic/socket.h; IPPROTO_*, TCP_*, IPV6_*:
 * include/uapi/linux/in.h, tcp.h, in6.h; see socket(7), unix(7), tcp(7), ipv6(7).
 */
public enum SocketConstant implements Constant {
    AF_UNIX(1),
    AF_INET(2),
    AF_INET6(10),
    AF_NETLINK(16),
    SOCK_STREAM(1),
    SOCK_DGRAM(2),
    SOCK_RAW(3),
    SOCK_SEQPACKET(5),
    SOCK_NONBLOCK(04000),
    SOCK_CLOEXEC(02000000),
    SOL_SOCKET(1),
    SOL_NETLINK(270),
    SO_SNDBUF(7),
    SO_RCVBUF(8),
    SO_PEERCRED(17),
    SO_PASSCRED(16),
    SO_REUSEADDR(2),
    SO_KEEPALIVE(9),
    IPPROTO_TCP(6),
    IPPROTO_IPV6(41),
    TCP_NODELAY(1),
    TCP_SYNCNT(7),
    TCP_QUICKACK(12),
    IPV6_V6ONLY(26),
    SCM_RIGHTS(1),
    MSG_CTRUNC(0x8),
    MSG_TRUNC(0x20),
    MSG_DONTWAIT(0x40),
    MSG_NOSIGNAL(0x4000),
    MSG_MORE(0x8000),
    MSG_CMSG_CLOEXEC(0x40000000),
    NETLINK_ROUTE(0),
    NETLINK_NETFILTER(12),
    NETLINK_EXT_ACK(11),
    NETLINK_GET_STRICT_CHK(12),
    SHUT_RD(0),
    SHUT_WR(1),
    SHUT_RDWR(2);

    private final long value;

    SocketConstant(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
