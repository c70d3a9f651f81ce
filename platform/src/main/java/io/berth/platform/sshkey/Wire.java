// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** SSH's data types (RFC 4251, section 5), written one after the other and read back. */
final class Wire {
    private Wire() {}

    /** Composes. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer string(byte[] bytes) {
            return uint32(bytes.length).raw(bytes);
        }

        Writer string(String text) {
            return string(text.getBytes(StandardCharsets.UTF_8));
        }

        Writer uint32(int value) {
            return raw(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        }

        Writer uint64(long value) {
            return raw(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /** Takes apart what a stranger sent. */
    static final class Reader {
        private final ByteBuffer rest;

        Reader(byte[] bytes) {
            rest = ByteBuffer.wrap(bytes);
        }

        boolean hasMore() {
            return rest.hasRemaining();
        }

        int position() {
            return rest.position();
        }

        byte[] bytes() {
            int length = uint32();
            require(length >= 0 && length <= rest.remaining());
            byte[] bytes = new byte[length];
            rest.get(bytes);
            return bytes;
        }

        String string() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        int uint8() {
            require(rest.hasRemaining());
            return rest.get() & 0xff;
        }

        int uint32() {
            require(rest.remaining() >= Integer.BYTES);
            return rest.getInt();
        }

        long uint64() {
            require(rest.remaining() >= Long.BYTES);
            return rest.getLong();
        }

        /** Names with data each, in ascending order and each once, as PROTOCOL.certkeys wants them. */
        SortedMap<String, byte[]> options() {
            SortedMap<String, byte[]> options = new TreeMap<>();
            Reader inside = new Reader(bytes());
            while (inside.hasMore()) {
                String name = inside.string();
                require(options.isEmpty() || options.lastKey().compareTo(name) < 0);
                options.put(name, inside.bytes());
            }
            return options;
        }

        void end() {
            require(!hasMore());
        }

        private static void require(boolean isWell) {
            if (!isWell) {
                throw new UnfitKeyException("the certificate is damaged or cut off; ask for a new one");
            }
        }
    }
}
