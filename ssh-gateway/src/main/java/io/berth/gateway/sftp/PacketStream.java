// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cuts one direction of an SFTP stream into packets (draft-ietf-secsh-filexfer-02, section 3), of which it keeps the beginnings. */
final class PacketStream {
    private static final int HEADER_BYTES = 5; // uint32 length, which counts what follows it, and byte type
    /** OpenSSH's sftp-server takes 256 KiB (SFTP_MAX_MSG_LENGTH); what is longer is no SFTP. */
    private static final int MOST_BYTES = 1 << 20;
    /** Two paths of PATH_MAX and what is around them. */
    private static final int KEPT_BYTES = 2 * 4096 + 512;
    /** Of file contents: an id, a handle of 256 bytes at most, an offset, a length. */
    private static final int KEPT_OF_DATA = 4 + 4 + 256 + 8 + 4;

    private final Sink sink;
    private final byte[] header = new byte[HEADER_BYTES];
    private final byte[] head = new byte[KEPT_BYTES];
    private int headerFilled;
    private int headFilled;
    private int kept;
    private int left;
    private boolean lost;

    /** Where packets go. */
    @FunctionalInterface
    interface Sink {
        /** @param head what follows the type, as much of it as is kept */
        void packet(int type, ByteBuffer head);
    }

    PacketStream(Sink sink) {
        this.sink = sink;
    }

    /** @return false from when on it is no SFTP any more */
    boolean pass(byte[] bytes, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (at < end && !lost) {
            at += headerFilled < HEADER_BYTES ? header(bytes[at]) : body(bytes, at, end - at);
        }
        return !lost;
    }

    private int header(byte next) {
        header[headerFilled++] = next;
        if (headerFilled == HEADER_BYTES) {
            ByteBuffer fields = ByteBuffer.wrap(header);
            int length = fields.getInt();
            lost = length < 1 || length > MOST_BYTES;
            left = length - 1;
            kept = Math.min(left, isData(header[4]) ? KEPT_OF_DATA : KEPT_BYTES);
            headFilled = 0;
            emitWhenWhole();
        }
        return 1;
    }

    private static boolean isData(int type) {
        return type == Protocol.WRITE || type == Protocol.DATA || type == Protocol.NAME;
    }

    private int body(byte[] bytes, int offset, int count) {
        int taken = Math.min(count, left);
        int copied = Math.min(taken, kept - headFilled);
        System.arraycopy(bytes, offset, head, headFilled, copied);
        headFilled += copied;
        left -= taken;
        emitWhenWhole();
        return taken;
    }

    private void emitWhenWhole() {
        if (left == 0 && !lost) {
            headerFilled = 0;
            sink.packet(Byte.toUnsignedInt(header[4]), ByteBuffer.wrap(Arrays.copyOf(head, headFilled)));
        }
    }
}
