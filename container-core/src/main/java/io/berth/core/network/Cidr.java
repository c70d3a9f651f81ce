// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An interface's address together with the length of its network's prefix: {@code 10.181.0.1/16} is the address 10.181.0.1 in the
 * network 10.181.0.0/16.
 */
public record Cidr(InetAddress address, int prefixLength) {

    /** @throws IllegalArgumentException when the prefix does not fit the address */
    public Cidr {
        if (prefixLength < 0 || prefixLength > bits(address)) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " is not between 0 and " + bits(address));
        }
    }

    /** @throws IllegalArgumentException when the text is not an IP address, a slash and a length; nothing is looked up */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' lacks its prefix length; write it like 10.181.0.1/16");
        }
        try {
            return new Cidr(
                    InetAddress.ofLiteral(text.substring(0, slash)),
                    Integer.parseInt(text, slash + 1, text.length(), 10));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address with a prefix length such as 10.181.0.1/16", e);
        }
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /** The network itself: the same prefix, all other bits zero. */
    public Cidr network() {
        return new Cidr(at(BigInteger.ZERO), prefixLength);
    }

    public boolean contains(InetAddress other) {
        return bits(other) == bits(address)
                && new Cidr(other, prefixLength).network().equals(network());
    }

    /** How many addresses the network has, those that no host can bear included. */
    BigInteger size() {
        return BigInteger.ONE.shiftLeft(bits(address) - prefixLength);
    }

    /** The network's address number {@code index}, counted from 0. */
    InetAddress at(BigInteger index) {
        int hostBits = bits(address) - prefixLength;
        BigInteger base = number(address).shiftRight(hostBits).shiftLeft(hostBits);
        return address(base.add(index), bits(address) / Byte.SIZE);
    }

    /** Where in the network an address of it stands; the reverse of {@link #at}. */
    BigInteger indexOf(InetAddress other) {
        return number(other).subtract(number(at(BigInteger.ZERO)));
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = number.shiftRight(i * Byte.SIZE).byteValue();
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + length, e);
        }
    }
}
