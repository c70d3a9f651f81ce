// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A thread under a filter asks for its parent's pid, and another one makes the answer up. */
final class SeccompTrial {
    private static final long MADE_UP = 4242;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SECCOMP_SET_MODE_FILTER = 1; // include/uapi/linux/seccomp.h
    private static final int SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    private static final int SECCOMP_RET_USER_NOTIF = 0x7fc0_0000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
    private static final int BPF_LD_W_ABS = 0x20; // include/uapi/linux/bpf_common.h
    private static final int BPF_JEQ_K = 0x15;
    private static final int BPF_RET_K = 0x06;
    private static final int NOTIF_BYTES = 80; // struct seccomp_notif
    private static final int RESPONSE_BYTES = 24; // struct seccomp_notif_resp

    private SeccompTrial() {}

    static String run() throws IOException, InterruptedException, ExecutionException {
        var listener = new CompletableFuture<Fd>();
        var answer = new CompletableFuture<Long>();
        Thread.ofPlatform().daemon().name("doctor-seccomp").start(() -> filtered(listener, answer));
        try (Fd notifications = listener.get()) {
            if (!PollCalls.awaitReadable(notifications, PATIENCE)) {
                throw new IOException("no notification came");
            }
            respond(notifications);
            if (answer.get() != MADE_UP) {
                throw new IOException("the made-up answer did not arrive");
            }
            return "getppid was answered by a supervisor";
        }
    }

    private static void filtered(CompletableFuture<Fd> listener, CompletableFuture<Long> answer) {
        try (var memory = new NativeMemory()) {
            var filter = memory.bytes(program());
            var fprog = memory.longs(4, filter.address()); // struct sock_fprog: length (padded), address
            long fd = Syscall.call(Sys.SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, fprog);
            listener.complete(Fd.adopt(fd, "seccomp listener"));
            answer.complete(Syscall.call(Sys.GETPPID));
        } catch (RuntimeException e) {
            listener.completeExceptionally(e);
            answer.completeExceptionally(e);
        }
    }

    /** struct sock_filter: code (16 bits), jt, jf (8 each), k (32); include/uapi/linux/filter.h. */
    private static byte[] program() {
        ByteBuffer program = ByteBuffer.allocate(4 * 8).order(ByteOrder.nativeOrder());
        instruction(program, BPF_LD_W_ABS, 0, 0); // struct seccomp_data begins with the number
        instruction(program, BPF_JEQ_K, 1, Sys.GETPPID.number());
        instruction(program, BPF_RET_K, 0, SECCOMP_RET_USER_NOTIF);
        instruction(program, BPF_RET_K, 0, SECCOMP_RET_ALLOW);
        return program.array();
    }

    private static void instruction(ByteBuffer program, int code, int elseSkip, int k) {
        program.putShort((short) code).put((byte) 0).put((byte) elseSkip).putInt(k);
    }

    private static void respond(Fd notifications) {
        byte[] notif = new byte[NOTIF_BYTES];
        FileCalls.ioctl(notifications, Ioctl.SECCOMP_IOCTL_NOTIF_RECV, notif);
        long id = ByteBuffer.wrap(notif).order(ByteOrder.nativeOrder()).getLong(0);
        byte[] response = ByteBuffer.allocate(RESPONSE_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(id)
                .putLong(MADE_UP)
                .array();
        FileCalls.ioctl(notifications, Ioctl.SECCOMP_IOCTL_NOTIF_SEND, response);
    }
}
