// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a load balancer says of the connection that it passes on: the PROXY protocol, versions 1 and 2 (HAProxy's
 * doc/proxy-protocol.txt). The libraries that read it are parts of whole servers, so this is a reader of our own.
 */
sealed interface ProxyHeader {
    /** There must come more before anything can be said. */
    record Incomplete() implements ProxyHeader {}

    /**
     * Whose connection it is.
     *
     * @param server where the client meant to go
     * @param length of the header in bytes
     */
    record Relayed(InetSocketAddress client, InetSocketAddress server, int length) implements ProxyHeader {}

    /** It is the balancer's own, as when it looks whether we live. */
    record Own(int length) implements ProxyHeader {}

    /** Nothing of the kind; the peer is not to be listened to any further. */
    record Invalid(String reason) implements ProxyHeader {}

    /** Section 2.1: with the longest addresses. */
    int MOST_V1 = 107;

    /** Addresses and what else a balancer tells (TLVs: names, TLS details); a Unix socket's pair has 216 bytes. */
    int MOST_V2 = 16 + 2048;

    /** @param bytes what has come so far */
    static ProxyHeader read(byte[] bytes, int offset, int available) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, available).slice();
        if (startsWith(in, V2.SIGNATURE)) {
            return available < V2.PREFIX ? new Incomplete() : V2.read(in);
        }
        if (startsWith(in, V1.SIGNATURE)) {
            return V1.read(in);
        }
        return new Invalid("no PROXY header");
    }

    /** As far as there is something. */
    private static boolean startsWith(ByteBuffer in, byte[] signature) {
        int known = Math.min(in.remaining(), signature.length);
        return Arrays.equals(in.array(), in.arrayOffset(), in.arrayOffset() + known, signature, 0, known);
    }

    /** One line of text. */
    final class V1 {
        private static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        private static final Pattern LINE = Pattern.compile(
                "PROXY (?:UNKNOWN(?: [ -~]*)?|TCP([46]) ([0-9a-fA-F:.]{2,39}) ([0-9a-fA-F:.]{2,39}) ([0-9]{1,5}) ([0-9]{1,5}))\r\n");
        private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
        private static final int MOST_PORT = 65_535;

        private V1() {}

        private static ProxyHeader read(ByteBuffer in) {
            int most = Math.min(in.remaining(), MOST_V1);
            for (int i = 0; i < most; i++) {
                if (in.get(i) == '\n') {
                    byte[] line = new byte[i + 1];
                    in.get(line);
                    return parsed(new String(line, StandardCharsets.ISO_8859_1));
                }
            }
            return most < MOST_V1 ? new Incomplete() : new Invalid("a PROXY line without an end");
        }

        private static ProxyHeader parsed(String line) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                return new Invalid("a malformed PROXY line");
            }
            if (parts.group(1) == null) {
                return new Own(line.length());
            }
            try {
                boolean isIpv4 = parts.group(1).equals("4");
                return new Relayed(
                        new InetSocketAddress(address(parts.group(2), isIpv4), port(parts.group(4))),
                        new InetSocketAddress(address(parts.group(3), isIpv4), port(parts.group(5))),
                        line.length());
            } catch (IllegalArgumentException e) {
                return new Invalid("a PROXY line with a wrong address");
            }
        }

        private static InetAddress address(String text, boolean isIpv4) {
            if (IPV4.matcher(text).matches() != isIpv4) {
                throw new IllegalArgumentException("of the other family");
            }
            return InetAddress.ofLiteral(text);
        }

        private static int port(String text) {
            int port = Integer.parseInt(text);
            if (port > MOST_PORT) {
                throw new IllegalArgumentException("no port");
            }
            return port;
        }
    }

    /** Binary: signature, version and command, family and protocol, length, addresses, TLVs. */
    final class V2 {
        private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
        private static final int PREFIX = 16;
        private static final int LOCAL = 0x20; // version 2, command LOCAL
        private static final int PROXY = 0x21;
        private static final int UNSPECIFIED = 0x00;
        private static final int TCP_OVER_IPV4 = 0x11;
        private static final int TCP_OVER_IPV6 = 0x21;
        private static final int IPV4_BYTES = 4;
        private static final int IPV6_BYTES = 16;
        private static final int TYPE_CRC32C = 0x03; // PP2_TYPE_CRC32C
        private static final int BYTE = 0xff;
        private static final int SHORT = 0xffff;

        private V2() {}

        private static ProxyHeader read(ByteBuffer in) {
            int command = in.get(SIGNATURE.length) & BYTE;
            int family = in.get(SIGNATURE.length + 1) & BYTE;
            int length = PREFIX + (in.getShort(SIGNATURE.length + 2) & SHORT);
            if (length > MOST_V2) {
                return new Invalid("a PROXY header of " + length + " bytes");
            }
            if (command != LOCAL && command != PROXY) {
                return new Invalid("a PROXY header of another version or with another command");
            }
            if (in.remaining() < length) {
                return new Incomplete();
            }
            ByteBuffer header = in.slice(0, length);
            try {
                return command == LOCAL ? new Own(length) : relayed(header, family);
            } catch (BufferUnderflowException e) {
                return new Invalid("a PROXY header too short for what it says");
            }
        }

        private static ProxyHeader relayed(ByteBuffer header, int family) {
            header.position(PREFIX);
            if (family != TCP_OVER_IPV4 && family != TCP_OVER_IPV6) {
                return family == UNSPECIFIED ? new Own(header.limit()) : new Invalid("a PROXY header for no TCP");
            }
            int bytes = family == TCP_OVER_IPV4 ? IPV4_BYTES : IPV6_BYTES;
            InetAddress client = address(header, bytes);
            InetAddress server = address(header, bytes);
            int clientPort = header.getShort() & SHORT;
            int serverPort = header.getShort() & SHORT;
            return isIntact(header)
                    ? new Relayed(
                            new InetSocketAddress(client, clientPort),
                            new InetSocketAddress(server, serverPort),
                            header.limit())
                    : new Invalid("a PROXY header whose checksum is wrong");
        }

        private static InetAddress address(ByteBuffer header, int bytes) {
            byte[] address = new byte[bytes];
            header.get(address);
            try {
                return InetAddress.getByAddress(address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 and 16 bytes are an address", e);
            }
        }

        /** Section 2.2.3: whoever sends a checksum wants it to be looked at; it counts itself as zeros. */
        private static boolean isIntact(ByteBuffer header) {
            while (header.hasRemaining()) {
                int type = header.get() & BYTE;
                int length = header.getShort() & SHORT;
                int at = header.position();
                if (length > header.remaining()) {
                    throw new BufferUnderflowException();
                }
                header.position(at + length);
                if (type == TYPE_CRC32C && !sums(header, at, length)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean sums(ByteBuffer header, int at, int length) {
            if (length != Integer.BYTES) {
                return false;
            }
            byte[] whole = new byte[header.limit()];
            header.get(0, whole);
            Arrays.fill(whole, at, at + Integer.BYTES, (byte) 0);
            CRC32C sum = new CRC32C();
            sum.update(whole);
            return (int) sum.getValue() == header.getInt(at);
        }
    }
}
