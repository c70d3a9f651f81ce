// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.SocketConstant.SCM_RIGHTS;
import static io.berth.core.linux.SocketConstant.SOL_SOCKET;

import java.util.ArrayList;
import java.util.List;

/**
 * struct user_msghdr with one iovec and one cmsghdr of SCM_RIGHTS, include/linux/socket.h, on 64-bit machines: msg_name 0,
 * msg_namelen 8, msg_iov 16, msg_iovlen 24, msg_control 32, msg_controllen 40, msg_flags 48.
 */
final class MessageHeader {
    private static final int MSGHDR_SIZE = 56;
    private static final int CMSGHDR_SIZE = 16; // cmsg_len 0 (8 bytes), cmsg_level 8, cmsg_type 12

    private final NativeBuffer header;
    private final NativeBuffer data;
    private final NativeBuffer control;

    private MessageHeader(NativeMemory memory, int bytes, int fds) {
        header = memory.allocate(MSGHDR_SIZE).named("message");
        data = memory.allocate(bytes);
        control = memory.allocate(fds == 0 ? 0 : CMSGHDR_SIZE + Math.ceilDiv(fds, 2) * 2 * Integer.BYTES);
        NativeBuffer iovec = memory.longs(data.address(), bytes);
        header.putLong(16, iovec.address()).putLong(24, 1);
        if (fds > 0) {
            header.putLong(32, control.address()).putLong(40, control.size());
        }
    }

    static MessageHeader toSend(NativeMemory memory, byte[] bytes, List<Fd> fds) {
        var message = new MessageHeader(memory, bytes.length, fds.size());
        message.data.put(0, bytes);
        if (!fds.isEmpty()) {
            message.control
                    .putLong(0, CMSGHDR_SIZE + (long) Integer.BYTES * fds.size())
                    .putInt(8, (int) SOL_SOCKET.value())
                    .putInt(12, (int) SCM_RIGHTS.value());
            for (int i = 0; i < fds.size(); i++) {
                message.control.putInt(
                        CMSGHDR_SIZE + Integer.BYTES * i, fds.get(i).number());
            }
        }
        return message;
    }

    static MessageHeader toReceive(NativeMemory memory, int maxBytes, int maxFds) {
        return new MessageHeader(memory, maxBytes, maxFds);
    }

    NativeBuffer address() {
        return header;
    }

    int flags() {
        return header.getInt(48);
    }

    ReceivedMessage received(int length) {
        return new ReceivedMessage(data.getBytes(0, length), fds());
    }

    private List<Fd> fds() {
        List<Fd> fds = new ArrayList<>();
        int received = (int) header.getLong(40);
        for (int at = 0; at + CMSGHDR_SIZE <= received; ) {
            int length = (int) control.getLong(at);
            boolean rights =
                    control.getInt(at + 8) == SOL_SOCKET.value() && control.getInt(at + 12) == SCM_RIGHTS.value();
            for (int fd = at + CMSGHDR_SIZE; rights && fd + Integer.BYTES <= at + length; fd += Integer.BYTES) {
                fds.add(Fd.adopt(control.getInt(fd), "received fd"));
            }
            at += Math.max(Math.ceilDiv(length, 8) * 8, CMSGHDR_SIZE);
        }
        return fds;
    }
}
