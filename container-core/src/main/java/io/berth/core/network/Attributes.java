// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Netlink attributes of one message or of one nest in it, by type; of several with the same type the last. */
record Attributes(Map<Integer, byte[]> values) {
    private static final int NLA_TYPE_MASK = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    static Attributes of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        Map<Integer, byte[]> values = new HashMap<>();
        int start = 0;
        while (start + NetlinkMessage.ATTRIBUTE_HEADER_LENGTH <= bytes.length) {
            int length = Short.toUnsignedInt(buffer.getShort(start));
            if (length < NetlinkMessage.ATTRIBUTE_HEADER_LENGTH || start + length > bytes.length) {
                throw new IllegalArgumentException(
                        "a netlink attribute of " + length + " bytes at " + start + " of " + bytes.length);
            }
            byte[] value = new byte[length - NetlinkMessage.ATTRIBUTE_HEADER_LENGTH];
            buffer.get(start + NetlinkMessage.ATTRIBUTE_HEADER_LENGTH, value);
            values.put(buffer.getShort(start + 2) & NLA_TYPE_MASK, value);
            start += (length + 3) & ~3;
        }
        return new Attributes(Map.copyOf(values));
    }

    /** The values in a list, whose attributes all have the same type. */
    static List<byte[]> list(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<byte[]> list = new ArrayList<>();
        int start = 0;
        while (start + NetlinkMessage.ATTRIBUTE_HEADER_LENGTH <= bytes.length) {
            int length = Short.toUnsignedInt(buffer.getShort(start));
            if (length < NetlinkMessage.ATTRIBUTE_HEADER_LENGTH || start + length > bytes.length) {
                throw new IllegalArgumentException(
                        "a netlink list's item of " + length + " bytes at " + start + " of " + bytes.length);
            }
            list.add(Arrays.copyOfRange(bytes, start + NetlinkMessage.ATTRIBUTE_HEADER_LENGTH, start + length));
            start += (length + 3) & ~3;
        }
        return list;
    }

    /** For a flag in a byte. */
    boolean isSet(int type) {
        return bytes(type).filter(value -> value.length > 0 && value[0] != 0).isPresent();
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    Optional<Integer> int32(int type) {
        return bytes(type)
                .map(value ->
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
    }

    Optional<String> text(int type) {
        return bytes(type).map(value -> {
            String text = new String(value, StandardCharsets.UTF_8);
            int nul = text.indexOf('\0');
            return nul < 0 ? text : text.substring(0, nul);
        });
    }

    Optional<Attributes> nested(int type) {
        return bytes(type).map(Attributes::of);
    }
}
