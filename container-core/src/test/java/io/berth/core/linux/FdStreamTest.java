// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FdStreamTest {
    private static final int PIPE_BYTES = 65536;
    private static final int SPLICE = System.getProperty("os.arch").equals("aarch64") ? 76 : 275; // splice(2)

    @Test
    void bytesComeThroughInOrderUntilTheEnd() throws Exception {
        Pipe pipe = FileCalls.pipe2();
        byte[] much = new byte[10 * PIPE_BYTES];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31);
        }
        try (InputStream in = new FdInputStream(pipe.readEnd())) {
            FutureTask<Boolean> writer = inThread(() -> {
                try (OutputStream out = new FdOutputStream(pipe.writeEnd())) {
                    out.write(much[0]);
                    out.write(much, 1, much.length - 1);
                }
                return true;
            });
            assertThat(in.readAllBytes()).isEqualTo(much);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(writer.get()).isTrue();
        }
        assertThat(pipe.readEnd().isOpen()).isFalse();
        assertThat(pipe.writeEnd().isOpen()).isFalse();
    }

    @Test
    void closeWakesABlockedReader() {
        try (Pipe pipe = FileCalls.pipe2()) {
            InputStream in = new FdInputStream(pipe.readEnd());
            wakes(in, in::read);
        }
    }

    @Test
    void closeWakesABlockedWriter() {
        try (Pipe pipe = FileCalls.pipe2()) {
            OutputStream out = new FdOutputStream(pipe.writeEnd());
            wakes(out, () -> {
                out.write(new byte[2 * PIPE_BYTES]);
                return 0;
            });
        }
    }

    private static void wakes(AutoCloseable stream, Callable<Integer> blocking) {
        long[] tid = new long[1];
        FutureTask<Integer> task = inThread(() -> {
            tid[0] = ProcessCalls.gettid();
            return blocking.call();
        });
        await().until(() -> tid[0] != 0 && syscallOf(tid[0]) == Sys.PPOLL.number());
        assertThat(task).isNotDone();
        assertThatThrownBy(() -> {
                    stream.close();
                    task.get();
                })
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(blocking::call).isInstanceOf(IOException.class).hasMessageEndingWith("is closed");
    }

    private static int syscallOf(long tid) {
        try (Fd file = FileCalls.openat("/proc/" + tid + "/syscall")) {
            String number = new String(FileCalls.readAll(file), UTF_8).split(" ", 2)[0].strip();
            return number.equals("running") ? -1 : Integer.parseInt(number);
        }
    }

    @Test
    void aPtyWhoseLastSlaveClosedIsAtItsEnd() throws IOException {
        Fd master = FileCalls.openat("/dev/ptmx", OpenFlag.O_RDWR, OpenFlag.O_NOCTTY);
        FileCalls.ioctl(master, Ioctl.TIOCSPTLCK, new byte[4]);
        long flags = Flags.bits(OpenFlag.O_RDWR, OpenFlag.O_NOCTTY, OpenFlag.O_CLOEXEC);
        try (InputStream in = new FdInputStream(master)) {
            try (Fd slave = Fd.adopt(FileCalls.ioctl(master, Ioctl.TIOCGPTPEER, flags), "slave")) {
                FileCalls.write(slave, "bye".getBytes(UTF_8));
            }
            assertThat(in.readAllBytes()).isEqualTo("bye".getBytes(UTF_8));
        }
    }

    @Test
    void aReaderThatIsGoneIsAnIoException() throws IOException {
        Pipe pipe = FileCalls.pipe2();
        pipe.readEnd().close();
        try (OutputStream out = new FdOutputStream(pipe.writeEnd())) {
            assertThatThrownBy(() -> out.write(1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("write(pipe's write end): EPIPE (broken pipe)");
        }
    }

    /**
     * splice(2) holds a pipe's mutex for as long as it waits for its other file, and then not even a read that never waits returns. Whoever
     * reads waits in the kernel; nobody else does, the garbage collector least of all. It lets go by itself, so that a failure is one.
     */
    @Test
    void aPipeThatItsOtherEndHoldsUpHoldsUpItsReaderAlone() throws Exception {
        Pipe pipe = FileCalls.pipe2();
        String end = "/proc/" + ProcessHandle.current().pid() + "/fd/"
                + pipe.writeEnd().number();
        Process holder = new ProcessBuilder("python3", "-c", """
                import os, signal, socket, sys
                signal.alarm(20)
                w = os.open(sys.argv[1], os.O_WRONLY)
                a, b = socket.socketpair()
                print("open", flush=True)
                os.splice(a.fileno(), w, 65536)
                """, end).start();
        try (Fd _ = pipe.writeEnd();
                InputStream in = new FdInputStream(pipe.readEnd())) {
            assertThat(holder.inputReader(UTF_8).readLine()).isEqualTo("open");
            await().until(() -> syscallOf(holder.pid()) == SPLICE);
            long[] tid = new long[1];
            FutureTask<Integer> reader = inThread(() -> {
                tid[0] = ProcessCalls.gettid();
                return in.read();
            });
            await().until(() -> tid[0] != 0 && syscallOf(tid[0]) == Sys.READ.number());
            System.gc();
            assertThat(holder.isAlive()).isTrue();
            assertThat(reader).isNotDone();
            holder.destroyForcibly().waitFor();
            pipe.writeEnd().close();
            assertThat(reader.get()).isEqualTo(-1);
        }
    }

    private static <T> FutureTask<T> inThread(Callable<T> action) {
        var task = new FutureTask<>(action);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
