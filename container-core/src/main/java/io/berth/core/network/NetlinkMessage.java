// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One netlink message in the writing: struct nlmsghdr, the header of its family, then attributes (include/uapi/linux/netlink.h). Numbers
 * are in the machine's byte order, everything begins at a multiple of 4.
 */
final class NetlinkMessage {
    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_CREATE = 0x400;

    static final int HEADER_LENGTH = 16;
    static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int MAX_LENGTH = 1024; // the longest here, a veth's, has less than 400

    private final String call;
    private final int flags;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_LENGTH).order(ByteOrder.nativeOrder());

    /** @param call what is asked, as it shall stand in an error message */
    NetlinkMessage(String call, int type, int flags) {
        this.call = call;
        this.flags = flags | NLM_F_REQUEST;
        buffer.putInt(0).putShort((short) type).putShort((short) this.flags).putLong(0);
    }

    String call() {
        return call;
    }

    /** Whether the kernel answers success, too. */
    boolean isAcknowledged() {
        return (flags & NLM_F_ACK) != 0;
    }

    NetlinkMessage int8(int value) {
        buffer.put((byte) value);
        return this;
    }

    NetlinkMessage int16(int value) {
        buffer.putShort((short) value);
        return this;
    }

    NetlinkMessage int32(int value) {
        buffer.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_LENGTH + value.length)).putShort((short) type);
        buffer.put(value);
        return align();
    }

    NetlinkMessage int8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    NetlinkMessage int32(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** Text with its NUL. */
    NetlinkMessage text(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    NetlinkMessage nested(int type, Consumer<NetlinkMessage> inside) {
        int start = buffer.position();
        buffer.putInt(0);
        inside.accept(this);
        buffer.putShort(start, (short) (buffer.position() - start)).putShort(start + 2, (short) (type | NLA_F_NESTED));
        return this;
    }

    byte[] toBytes(int sequence) {
        buffer.putInt(0, buffer.position()).putInt(8, sequence);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private NetlinkMessage align() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }
}
