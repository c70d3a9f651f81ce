// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of an nftables set, as the rules of {@link Ruleset} look it up.
 *
 * @param key the fields one after the other, each filled up with zeros to a multiple of 4, as nft lays a concatenation out
 * @param text the same in nft's language
 */
record SetElement(String set, ByteBuffer key, String text) {
    static final String PORTS = "ports";
    static final String SENDERS = "senders";
    static final String SENDERS_IPV4 = "senders4";
    static final String SENDERS_IPV6 = "senders6";

    static final List<String> SETS = List.of(PORTS, SENDERS, SENDERS_IPV4, SENDERS_IPV6);

    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h
    private static final int MAC_FIELD = 8;

    /** Everything that lets a container's port in: which port is guarded, from which MAC, from which addresses. */
    static List<SetElement> of(Endpoint endpoint) {
        List<SetElement> elements = new ArrayList<>();
        String port = endpoint.hostInterface();
        elements.add(new SetElement(PORTS, key(port, null, null), '"' + port + '"'));
        elements.add(new SetElement(SENDERS, key(port, endpoint.mac(), null), '"' + port + "\" . " + endpoint.mac()));
        if (endpoint.ipv4() != null) {
            elements.add(sender(SENDERS_IPV4, endpoint, endpoint.ipv4()));
        }
        if (endpoint.ipv6() != null) {
            elements.add(sender(SENDERS_IPV6, endpoint, endpoint.ipv6()));
            elements.add(sender(SENDERS_IPV6, endpoint, endpoint.mac().linkLocal()));
        }
        return elements;
    }

    /** The port that an element's key begins with. */
    static String portOf(byte[] key) {
        String name = new String(key, 0, Math.min(IFNAMSIZ, key.length), StandardCharsets.US_ASCII);
        int nul = name.indexOf('\0');
        return nul < 0 ? name : name.substring(0, nul);
    }

    /** {@code senders4 02:f0:12:34:56:78 10.77.0.2}, without the port; addresses as they stand in the key. */
    static String describe(String set, byte[] key) {
        if (key.length < IFNAMSIZ + MAC_FIELD) {
            return set;
        }
        String mac = HexFormat.ofDelimiter(":").formatHex(key, IFNAMSIZ, IFNAMSIZ + MAC_FIELD - 2);
        byte[] address = Arrays.copyOfRange(key, IFNAMSIZ + MAC_FIELD, key.length);
        return set + " " + mac + (address.length == 0 ? "" : " " + text(address));
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            return HexFormat.of().formatHex(address);
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }

    private static SetElement sender(String set, Endpoint endpoint, InetAddress address) {
        String port = endpoint.hostInterface();
        return new SetElement(
                set,
                key(port, endpoint.mac(), address),
                '"' + port + "\" . " + endpoint.mac() + " . " + address.getHostAddress());
    }

    private static ByteBuffer key(String port, @Nullable MacAddress mac, @Nullable InetAddress address) {
        byte[] ip = address == null ? new byte[0] : address.getAddress();
        ByteBuffer key = ByteBuffer.allocate(IFNAMSIZ + (mac == null ? 0 : MAC_FIELD) + ip.length);
        key.put(port.getBytes(StandardCharsets.US_ASCII));
        if (mac != null) {
            key.put(IFNAMSIZ, mac.bytes());
        }
        key.put(key.capacity() - ip.length, ip);
        return key.rewind().asReadOnlyBuffer();
    }
}
