// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.SocketConstant;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Where a socket connects or is bound, as the kernel reads it.
 *
 * @param family of the socket
 * @param bytes struct sockaddr_in, sockaddr_in6 or sockaddr_un: include/uapi/linux/in.h, in6.h, un.h
 * @param text for messages
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record SocketAddress(SocketConstant family, byte[] bytes, String text) {
    /** Where both Internet families have their port, in network order. */
    static final int PORT_OFFSET = 2;

    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int SIN6_ADDR = 8;
    private static final int SUN_PATH = 2;

    static SocketAddress of(InetAddress address, int port) {
        boolean six = address instanceof Inet6Address;
        SocketConstant family = six ? SocketConstant.AF_INET6 : SocketConstant.AF_INET;
        byte[] bytes = start(family, six ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(PORT_OFFSET, (short) port)
                .put(six ? SIN6_ADDR : PORT_OFFSET + Short.BYTES, address.getAddress())
                .array();
        return new SocketAddress(family, bytes, address.getHostAddress() + " port " + port);
    }

    static SocketAddress of(String path) {
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = start(SocketConstant.AF_UNIX, SUN_PATH + utf8.length + 1)
                .put(SUN_PATH, utf8)
                .array();
        return new SocketAddress(SocketConstant.AF_UNIX, bytes, "'" + path + "'");
    }

    private static ByteBuffer start(SocketConstant family, int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder()).putShort(0, (short) family.value());
    }

    /** The port as {@link #PORT_OFFSET} has it, read as a number of this machine. */
    static int port(long raw) {
        short swapped = (short) raw;
        return Short.toUnsignedInt(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes(swapped) : swapped);
    }
}
