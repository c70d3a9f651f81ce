// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.PublishedPort;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One element of an nftables set or map, as the rules of {@link Ruleset} look it up.
 *
 * @param key the fields one after the other, each filled up with zeros to a multiple of 4, as nft lays a concatenation out
 * @param value what a map has for it, in the same form; empty in a set
 * @param text the same in nft's language
 */
record SetElement(NftSet set, ByteBuffer key, ByteBuffer value, String text) {
    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h
    private static final int MAC_FIELD = 8;
    private static final int FIELD = 4;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Everything that lets a container's port in: which port is guarded, from which MAC, from which addresses. */
    static List<SetElement> of(Endpoint endpoint) {
        List<SetElement> elements = new ArrayList<>();
        String port = endpoint.hostInterface();
        byte[] mac = endpoint.mac().bytes();
        elements.add(pin(NftSet.PORTS, port, new byte[0], ""));
        elements.add(pin(NftSet.SENDERS, port, mac, endpoint.mac().toString()));
        elements.add(pin(NftSet.CLIENTS, port, mac, number(mac)));
        if (endpoint.ipv4() != null) {
            elements.add(sender(NftSet.SENDERS_IPV4, endpoint, endpoint.ipv4()));
        }
        if (endpoint.ipv6() != null) {
            for (InetAddress address : List.of(endpoint.ipv6(), endpoint.mac().linkLocal())) {
                elements.add(sender(NftSet.SENDERS_IPV6, endpoint, address));
                elements.add(pin(NftSet.TARGETS, port, address.getAddress(), number(address.getAddress())));
            }
        }
        return elements;
    }

    /** Everything that leads from a port of the node's to a container, which may have no address of one of the families. */
    static Set<SetElement> of(Endpoint endpoint, PublishedPort port) {
        Set<SetElement> elements = new LinkedHashSet<>();
        if (endpoint.ipv4() != null) {
            elements.add(published(NftSet.PUBLISHED_IPV4, port, endpoint.ipv4()));
            elements.add(open(NftSet.OPEN_IPV4, port, endpoint.ipv4()));
        }
        if (endpoint.ipv6() != null) {
            elements.add(published(NftSet.PUBLISHED_IPV6, port, endpoint.ipv6()));
            elements.add(open(NftSet.OPEN_IPV6, port, endpoint.ipv6()));
        }
        return elements;
    }

    private static SetElement published(NftSet set, PublishedPort port, InetAddress address) {
        return new SetElement(
                set,
                fields(protocol(port), port(port.hostPort())),
                fields(address.getAddress(), port(port.containerPort())),
                port.protocol().word() + " . " + port.hostPort() + " : " + address.getHostAddress() + " . "
                        + port.containerPort());
    }

    private static SetElement open(NftSet set, PublishedPort port, InetAddress address) {
        return new SetElement(
                set,
                fields(address.getAddress(), protocol(port), port(port.containerPort())),
                NOTHING,
                address.getHostAddress() + " . " + port.protocol().word() + " . " + port.containerPort());
    }

    /** IPPROTO_TCP and IPPROTO_UDP, include/uapi/linux/in.h. */
    private static byte[] protocol(PublishedPort port) {
        return new byte[] {
            switch (port.protocol()) {
                case TCP -> 6;
                case UDP -> 17;
            }
        };
    }

    private static byte[] port(int number) {
        return ByteBuffer.allocate(Short.BYTES).putShort((short) number).array();
    }

    /** As nft wants what it takes for a number. */
    private static String number(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** The port that an element's key begins with. */
    static String portOf(byte[] key) {
        String name = new String(key, 0, Math.min(IFNAMSIZ, key.length), StandardCharsets.US_ASCII);
        int nul = name.indexOf('\0');
        return nul < 0 ? name : name.substring(0, nul);
    }

    /** {@code senders4 02:f0:12:34:56:78 10.77.0.2}, without the port; addresses as they stand in the key. */
    static String describe(NftSet set, byte[] key) {
        if (key.length <= IFNAMSIZ) {
            return set.toString();
        }
        if (set == NftSet.TARGETS) {
            return set + " " + text(Arrays.copyOfRange(key, IFNAMSIZ, key.length));
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
        return bytes(key);
    }

    byte[] valueBytes() {
        return bytes(value);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static SetElement sender(NftSet set, Endpoint endpoint, InetAddress address) {
        String port = endpoint.hostInterface();
        byte[] mac = endpoint.mac().bytes();
        return new SetElement(
                set,
                fields(name(port), mac, address.getAddress()),
                NOTHING,
                '"' + port + "\" . " + endpoint.mac() + " . " + address.getHostAddress());
    }

    /** @param what empty for the port alone */
    private static SetElement pin(NftSet set, String port, byte[] what, String text) {
        return new SetElement(
                set, fields(name(port), what), NOTHING, '"' + port + '"' + (text.isEmpty() ? "" : " . " + text));
    }

    private static byte[] name(String port) {
        return Arrays.copyOf(port.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ);
    }

    private static ByteBuffer fields(byte[]... fields) {
        var bytes = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            bytes.writeBytes(field);
            bytes.writeBytes(new byte[(FIELD - field.length % FIELD) % FIELD]);
        }
        return ByteBuffer.wrap(bytes.toByteArray()).asReadOnlyBuffer();
    }
}
