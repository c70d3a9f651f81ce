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
        try (Fd file = FileCalls.openat("/proc/self/task/" + tid + "/syscall")) {
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

    private static <T> FutureTask<T> inThread(Callable<T> action) {
        var task = new FutureTask<>(action);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
