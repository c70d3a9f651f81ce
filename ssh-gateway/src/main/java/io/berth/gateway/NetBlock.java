// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * sshd's PerSourceNetBlockSize: how many leading bits of an address make one source.
 *
 * @param ipv4Bits 0 to 32
 * @param ipv6Bits 0 to 128
 */
record NetBlock(int ipv4Bits, int ipv6Bits) {
    private static final int MOST_IPV4 = 32;
    private static final int MOST_IPV6 = 128;

    NetBlock {
        if (ipv4Bits < 0 || ipv4Bits > MOST_IPV4 || ipv6Bits < 0 || ipv6Bits > MOST_IPV6) {
            throw new IllegalArgumentException("IPv4 bits of 0 to 32, a colon, IPv6 bits of 0 to 128");
        }
    }

    /** The network's first address stands for all of it. */
    InetAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        int kept = bytes.length * Byte.SIZE == MOST_IPV4 ? ipv4Bits : ipv6Bits;
        for (int bit = kept; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }
}
