// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Frames as somebody makes them who obeys nobody. Checksums are right: nothing else is to stand in their way. The mark that they are known
 * by is inside what they carry, as the kernel may cut off what lies behind.
 */
final class Frames {
    static final byte[] BROADCAST = mac("ff:ff:ff:ff:ff:ff");
    static final byte[] ALL_NODES_MAC = mac("33:33:00:00:00:01"); // RFC 2464, 7
    static final InetAddress ALL_NODES = InetAddress.ofLiteral("ff02::1");

    private static final int ETHERNET_BYTES = 60; // the shortest, less its checksum
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final byte OPTION_UNITS = 4; // of 8 bytes: the mark has room

    private Frames() {}

    static byte[] mac(String text) {
        return HexFormat.ofDelimiter(":").parseHex(text);
    }

    /** One that has still to be marked. */
    interface Frame {
        byte[] marked(byte[] mark);

        default byte[] marked(String mark) {
            return marked(mark.getBytes(StandardCharsets.US_ASCII));
        }
    }

    static Frame ethernet(byte[] to, byte[] from, int type, byte[] payload) {
        return mark -> frame(to, from, type, join(payload, mark));
    }

    private static byte[] frame(byte[] to, byte[] from, int type, byte[] payload) {
        byte[] frame = join(to, from, int16(type), payload);
        return Arrays.copyOf(frame, Math.max(frame.length, ETHERNET_BYTES));
    }

    /** @param operation 1 asks, 2 answers */
    static Frame arp(byte[] to, byte[] from, int operation, byte[] senderMac, InetAddress sender, InetAddress target) {
        byte[] message = join(
                int16(1),
                int16(0x0800),
                new byte[] {6, 4},
                int16(operation),
                senderMac,
                sender.getAddress(),
                to,
                target.getAddress());
        return ethernet(to, from, 0x0806, message);
    }

    static Frame udp4(byte[] to, byte[] from, Endpoints4 ends, byte[] payload) {
        return mark -> frame(to, from, 0x0800, ipv4(ends, join(payload, mark)));
    }

    private static byte[] ipv4(Endpoints4 ends, byte[] payload) {
        byte[] udp = join(int16(ends.sourcePort), int16(ends.targetPort), int16(8 + payload.length), int16(0), payload);
        byte[] header = join(
                new byte[] {0x45, 0},
                int16(20 + udp.length),
                int16(1),
                int16(0),
                new byte[] {64, UDP},
                int16(0),
                ends.source.getAddress(),
                ends.target.getAddress());
        ByteBuffer.wrap(header).putShort(10, (short) checksum(header));
        return join(header, udp);
    }

    /** Who sends to whom. */
    record Endpoints4(InetAddress source, int sourcePort, InetAddress target, int targetPort) {}

    static Frame icmp6(byte[] to, byte[] from, InetAddress source, InetAddress target, byte[] message) {
        return mark -> frame(to, from, 0x86dd, ipv6(source, target, join(message, option(mark))));
    }

    /** Of neighbour discovery, for experiments (RFC 4727, 5.1.3): whoever knows it not passes it over. */
    private static byte[] option(byte[] mark) {
        return Arrays.copyOf(join(new byte[] {(byte) 253, OPTION_UNITS}, mark), OPTION_UNITS * 8);
    }

    private static byte[] ipv6(InetAddress source, InetAddress target, byte[] message) {
        byte[] pseudo = join(source.getAddress(), target.getAddress(), int32(message.length), int32(ICMPV6), message);
        ByteBuffer.wrap(message).putShort(2, (short) checksum(pseudo));
        byte[] header = join(
                int32(0x6000_0000),
                int16(message.length),
                new byte[] {ICMPV6, (byte) 255},
                source.getAddress(),
                target.getAddress());
        return join(header, message);
    }

    /** RFC 4861, 4.4: overriding, with the target's link-layer address. */
    static byte[] advertisement(InetAddress target, byte[] mac) {
        return join(new byte[] {(byte) 136, 0, 0, 0}, int32(0x2000_0000), target.getAddress(), new byte[] {2, 1}, mac);
    }

    /** RFC 4861, 4.2: a router for half an hour, of the highest preference (RFC 4191). */
    static byte[] routerAdvertisement(byte[] mac) {
        return join(
                new byte[] {(byte) 134, 0, 0, 0, 64, 0x08}, int16(1800), int32(0), int32(0), new byte[] {1, 1}, mac);
    }

    /** RFC 4861, 4.5. */
    static byte[] redirect(InetAddress target, InetAddress destination) {
        return join(new byte[] {(byte) 137, 0, 0, 0}, int32(0), target.getAddress(), destination.getAddress());
    }

    /**
     * RFC 2131.
     *
     * @param type 1 to 7: discover, offer, request, decline, acknowledgement, refusal, release
     */
    static byte[] dhcp(int operation, byte[] clientMac, InetAddress clientAddress, int type) {
        return join(
                new byte[] {(byte) operation, 1, 6, 0},
                int32(0x5eed),
                int32(0),
                clientAddress.getAddress(),
                new byte[12],
                clientMac,
                new byte[10 + 64 + 128],
                int32(0x6382_5363),
                new byte[] {53, 1, (byte) type, 50, 4},
                clientAddress.getAddress(),
                new byte[] {(byte) 255});
    }

    private static int checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            int low = i + 1 < bytes.length ? Byte.toUnsignedInt(bytes[i + 1]) : 0;
            sum += (Byte.toUnsignedInt(bytes[i]) << 8) | low;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    private static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
