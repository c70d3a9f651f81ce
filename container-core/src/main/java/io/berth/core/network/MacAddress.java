// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** A unicast Ethernet address. Those made here are locally administered, as no vendor's are (IEEE 802, section 8.4). */
public record MacAddress(long bits) {
    private static final int LENGTH = 6;
    private static final long LOCAL = 0x02L << 40;
    private static final int LINK_LOCAL = 0xfe80;

    /** @throws IllegalArgumentException when the number is none of 48 bits, or a group's address */
    public MacAddress {
        if (bits >>> 48 != 0 || (bits & (0x01L << 40)) != 0) {
            throw new IllegalArgumentException("no unicast Ethernet address: " + Long.toHexString(bits));
        }
    }

    /** The same for a container's whole life: 40 bits of its id that are random in UUIDs of version 4 and 7. */
    static MacAddress of(ContainerId id) {
        return new MacAddress(LOCAL | (id.value().getLeastSignificantBits() & 0xffffffffffL));
    }

    /** The same for a bridge's whole life, so that containers keep their router when ports come and go. */
    static MacAddress of(String bridge) {
        UUID hash = UUID.nameUUIDFromBytes(bridge.getBytes(StandardCharsets.US_ASCII));
        return new MacAddress(LOCAL | (hash.getLeastSignificantBits() & 0xffffffffffL));
    }

    byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (bits >>> ((LENGTH - 1 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /** The address that stateless autoconfiguration makes of a /64 and this: RFC 4291, appendix A (modified EUI-64). */
    Inet6Address inNetwork(Cidr network) {
        return address(ByteBuffer.wrap(network.address().getAddress()).getLong());
    }

    /** The link-local address that the kernel and systemd-networkd give an interface with this address. */
    Inet6Address linkLocal() {
        return address((long) LINK_LOCAL << 48);
    }

    private Inet6Address address(long prefix) {
        long identifier = (((bits >>> 24) ^ 0x020000L) << 40) | (0xfffeL << 24) | (bits & 0xffffffL);
        byte[] bytes =
                ByteBuffer.allocate(16).putLong(prefix).putLong(identifier).array();
        try {
            return (Inet6Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }
}
