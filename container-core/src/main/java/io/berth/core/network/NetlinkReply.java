// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.linux.Errno;
import io.berth.core.linux.SyscallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One message from the kernel: what follows its struct nlmsghdr, and what of that is of interest. */
record NetlinkReply(int type, int flags, int sequence, ByteBuffer body) {
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int ERROR_LENGTH = Integer.BYTES; // struct nlmsgerr: the errno, then the request's header

    /** The messages of a datagram. */
    static List<NetlinkReply> all(byte[] datagram) {
        ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<NetlinkReply> all = new ArrayList<>();
        for (int start = 0; start + NetlinkMessage.HEADER_LENGTH <= datagram.length; ) {
            int length = buffer.getInt(start);
            if (length < NetlinkMessage.HEADER_LENGTH || length > datagram.length - start) {
                throw new IllegalArgumentException(
                        "a netlink message of " + length + " bytes at " + start + " of " + datagram.length);
            }
            all.add(new NetlinkReply(
                    Short.toUnsignedInt(buffer.getShort(start + 4)),
                    Short.toUnsignedInt(buffer.getShort(start + 6)),
                    buffer.getInt(start + 8),
                    buffer.slice(start + NetlinkMessage.HEADER_LENGTH, length - NetlinkMessage.HEADER_LENGTH)
                            .order(ByteOrder.nativeOrder())));
            start += (length + 3) & ~3;
        }
        return all;
    }

    /** An acknowledgement is an error with the number 0. */
    boolean isAcknowledgement() {
        return type == NLMSG_ERROR;
    }

    boolean isEndOfDump() {
        return type == NLMSG_DONE;
    }

    /** @throws SyscallException when the message reports an error, with the kernel's own words where it has some */
    void check(String call) {
        boolean status = isAcknowledgement() || isEndOfDump();
        int error = status && body.remaining() >= ERROR_LENGTH ? body.getInt(0) : 0;
        if (error == 0) {
            return;
        }
        String reason = reason();
        throw reason.isEmpty()
                ? new SyscallException(call, Errno.of(-error))
                : new SyscallException(call, Errno.of(-error), reason);
    }

    Attributes attributes(int familyHeaderLength) {
        byte[] bytes = new byte[body.remaining() - familyHeaderLength];
        body.get(familyHeaderLength, bytes);
        return Attributes.of(bytes);
    }

    private String reason() {
        if (!isAcknowledgement() || (flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int request = (flags & NLM_F_CAPPED) != 0 ? NetlinkMessage.HEADER_LENGTH : body.getInt(ERROR_LENGTH);
        return attributes(ERROR_LENGTH + ((request + 3) & ~3))
                .text(NLMSGERR_ATTR_MSG)
                .orElse("");
    }
}
