// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.MSG_DONTWAIT;
import static io.berth.core.linux.SocketConstant.SOCK_SEQPACKET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketCallsTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @Test
    void descriptorsTravelBesideAMessage() {
        try (SocketPair pair = SocketCalls.socketpair(SOCK_SEQPACKET);
                Fd first = FileCalls.sealedMemfd("first", "1".getBytes(UTF_8));
                Fd second = FileCalls.sealedMemfd("second", "2".getBytes(UTF_8));
                Fd third = FileCalls.sealedMemfd("third", "3".getBytes(UTF_8))) {
            SocketCalls.sendmsg(pair.left(), HELLO, List.of(first, second, third));
            try (ReceivedMessage message =
                    SocketCalls.recvmsg(pair.right(), 100, 4).orElseThrow()) {
                assertThat(message.bytes()).isEqualTo(HELLO);
                assertThat(message.fds())
                        .extracting(fd -> new String(FileCalls.pread(fd, 0, 9), UTF_8))
                        .containsExactly("1", "2", "3");
                assertThat(message.fds())
                        .allSatisfy(fd -> assertThat(Syscall.call(Sys.FCNTL, fd, FcntlCommand.F_GETFD))
                                .isOne());
            }
        }
    }

    @Test
    void messagesKeepTheirBordersAndTheEndIsEmpty() {
        try (SocketPair pair = SocketCalls.socketpair(SOCK_SEQPACKET)) {
            SocketCalls.sendmsg(pair.left(), HELLO, List.of());
            SocketCalls.send(pair.left(), HELLO);
            pair.left().close();
            for (int i = 0; i < 2; i++) {
                assertThat(SocketCalls.recvmsg(pair.right(), 100, 0)
                                .orElseThrow()
                                .bytes())
                        .isEqualTo(HELLO);
            }
            assertThat(SocketCalls.recvmsg(pair.right(), 100, 0)).isEmpty();
        }
    }

    @Test
    void aMessageThatDoesntFitIsAnErrorAndLeavesNoDescriptorOpen() {
        try (SocketPair pair = SocketCalls.socketpair(SOCK_SEQPACKET);
                Fd extra = FileCalls.eventfd(0)) {
            SocketCalls.sendmsg(pair.left(), HELLO, List.of(extra));
            SocketCalls.sendmsg(pair.left(), HELLO, List.of(extra, extra, extra));
            int before = openDescriptors();
            assertThatThrownBy(() -> SocketCalls.recvmsg(pair.right(), 4, 1)).hasMessageContaining("EMSGSIZE");
            assertThatThrownBy(() -> SocketCalls.recvmsg(pair.right(), 100, 1)).hasMessageContaining("EMSGSIZE");
            assertThat(openDescriptors()).isEqualTo(before);
        }
    }

    @Test
    void theKernelVouchesForThePeer(@TempDir Path temp) {
        String path = temp.resolve("s").toString();
        try (Fd server = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET, 0);
                Fd client = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET, 0)) {
            SocketCalls.bindUnix(server, path);
            SocketCalls.listen(server, 5);
            SocketCalls.connectUnix(client, path);
            try (Fd connection = SocketCalls.accept4(server)) {
                PeerCredentials peer = SocketCalls.peerCredentials(connection);
                assertThat(peer.pid()).isEqualTo(ProcessCalls.getpid());
                assertThat(peer.uid()).isEqualTo(ProcessCalls.getuid());
                assertThat(Syscall.call(Sys.FCNTL, connection, FcntlCommand.F_GETFD))
                        .isOne();
                SocketCalls.shutdown(client, SocketConstant.SHUT_WR);
                assertThat(SocketCalls.recvmsg(connection, 1, 0)).isEmpty();
            }
        }
    }

    @Test
    void addressesThatDontFitAreRefusedWithTheCure() {
        try (Fd socket = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET, 0)) {
            assertThatThrownBy(() -> SocketCalls.bindUnix(socket, "/" + "x".repeat(107)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("is longer than 107 bytes: choose a shorter runtime directory");
            assertThatThrownBy(() -> SocketCalls.connectUnix(socket, "/nonexistent"))
                    .hasMessageEndingWith("'/nonexistent', 15): ENOENT (no such file or directory)");
        }
    }

    @Test
    void aWriterWhosePeerIsGoneGetsAnErrorAndNoSignal() {
        try (SocketPair pair = SocketCalls.socketpair(SOCK_SEQPACKET)) {
            assertThatThrownBy(() -> SocketCalls.recvmsg(pair.left(), 1, 0, MSG_DONTWAIT))
                    .hasMessageContaining("EAGAIN");
            pair.right().close();
            assertThatThrownBy(() -> SocketCalls.send(pair.left(), HELLO)).hasMessageContaining("EPIPE");
        }
    }

    /** RTM_GETLINK of interface 1, which is lo in every network namespace; include/uapi/linux/rtnetlink.h. */
    @Test
    void netlinkAnswersAboutTheLoopbackInterface() {
        try (Fd netlink = SocketCalls.netlink(SocketConstant.NETLINK_ROUTE)) {
            ByteBuffer request = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
            request.putInt(32)
                    .putShort((short) 18)
                    .putShort((short) 1)
                    .putInt(7)
                    .putInt(0);
            request.putInt(20, 1);
            SocketCalls.send(netlink, request.array());
            byte[] answer = SocketCalls.recv(netlink, 65536);
            ByteBuffer header = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
            assertThat(header.getInt(0)).isEqualTo(answer.length);
            assertThat(header.getShort(4)).as("RTM_NEWLINK").isEqualTo((short) 16);
            assertThat(header.getInt(8)).isEqualTo(7);
            assertThat(new String(Arrays.copyOf(answer, 64), UTF_8)).contains("lo\0");
        }
    }

    private static int openDescriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? -1 : names.length;
    }
}
