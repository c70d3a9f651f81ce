// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

import java.math.BigInteger;
import java.net.InetAddress;

/** Addresses that begin alike. */
public record Network(InetAddress address, int bits) {
    /**
     * @param cidr such as 10.1.0.0/16
     * @throws IllegalArgumentException when it is none
     */
    public static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("no length: " + cidr);
        }
        var network = new Network(
                InetAddress.ofLiteral(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
        if (network.bits < 0 || network.bits > network.address.getAddress().length * 8) {
            throw new IllegalArgumentException("length out of range: " + cidr);
        }
        return network;
    }

    /**
     * @param literal such as 192.0.2.7
     * @throws IllegalArgumentException when it is none
     */
    static Network single(String literal) {
        InetAddress address = InetAddress.ofLiteral(literal);
        return new Network(address, address.getAddress().length * 8);
    }

    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        int rest = mine.length * 8 - bits;
        return mine.length == its.length
                && new BigInteger(1, mine).shiftRight(rest).equals(new BigInteger(1, its).shiftRight(rest));
    }
}
