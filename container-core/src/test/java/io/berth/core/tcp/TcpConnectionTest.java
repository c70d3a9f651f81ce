// SPDX-License-Identifier: Apache-2.0
package io.berth.core.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpConnectionTest {
    private static final int MUCH = 32 << 20; // more than both kernels' buffers take

    @Test
    void bytesComeAndGo() throws Exception {
        try (var port = TcpListener.bind(loopback(0));
                var client =
                        new Socket(port.address().getAddress(), port.address().getPort());
                TcpConnection connection = accept(port)) {
            assertThat(connection.remote()).isEqualTo(client.getLocalSocketAddress());
            assertThat(connection.local()).isEqualTo(client.getRemoteSocketAddress());
            byte[] buffer = new byte[10];
            assertThat(connection.receive(buffer)).isZero();
            client.getOutputStream().write("hello".getBytes(UTF_8));
            connection.awaitReadable();
            assertThat(connection.receive(buffer)).isEqualTo(5);
            assertThat(buffer).startsWith("hello".getBytes(UTF_8));
            assertThat(connection.send("xhi".getBytes(UTF_8), 1, 2, false)).isEqualTo(2);
            assertThat(client.getInputStream().readNBytes(2)).isEqualTo("hi".getBytes(UTF_8));
            client.shutdownOutput();
            connection.awaitReadable();
            assertThat(connection.receive(buffer)).isEqualTo(-1);
            connection.endOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aPeerThatReadsSlowlyIsWaitedFor() throws Exception {
        byte[] much = new byte[MUCH];
        new Random(1).nextBytes(much);
        try (var port = TcpListener.bind(loopback(0));
                var client =
                        new Socket(port.address().getAddress(), port.address().getPort());
                TcpConnection connection = accept(port)) {
            int first = sendAll(connection, much, 0);
            assertThat(first).isBetween(1, MUCH - 1);
            FutureTask<byte[]> reader = inThread(() -> client.getInputStream().readNBytes(MUCH));
            for (int sent = first; sent < MUCH; sent += sendAll(connection, much, sent)) {
                connection.awaitWritable();
            }
            assertThat(reader.get()).isEqualTo(much);
        }
    }

    /** Until the kernel takes no more. */
    private static int sendAll(TcpConnection connection, byte[] bytes, int from) throws IOException {
        int sent = from;
        for (int count = -1; count != 0 && sent < bytes.length; sent += count) {
            count = connection.send(bytes, sent, bytes.length - sent, false);
        }
        return sent - from;
    }

    @Test
    void aShutDownWakesTheOneWhoWaits() throws Exception {
        try (var port = TcpListener.bind(loopback(0));
                var client =
                        new Socket(port.address().getAddress(), port.address().getPort());
                TcpConnection connection = accept(port)) {
            FutureTask<Integer> waiter = inThread(() -> {
                connection.awaitReadable();
                return connection.receive(new byte[1]);
            });
            connection.shutDown();
            assertThat(waiter.get()).isEqualTo(-1);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> connection.send(new byte[1], 0, 1, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("EPIPE (broken pipe)");
            connection.endOutput(); // nothing is left to end
        }
    }

    @Test
    void aPortIsHadOnceAndFreeAfterwards() throws Exception {
        TcpListener port = TcpListener.bind(loopback(0));
        int number = port.address().getPort();
        assertThatThrownBy(() -> TcpListener.bind(loopback(number)))
                .isInstanceOf(BindException.class)
                .hasMessage("address already in use");
        FutureTask<TcpConnection> waiter = inThread(port::accept);
        port.close();
        assertThat(waiter.get()).isNull();
        TcpListener.bind(loopback(number)).close();
    }

    @Test
    void everyAddressIsOneOfBothFamilies() throws Exception {
        try (var port = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
                var client = new Socket(
                        InetAddress.ofLiteral("127.0.0.1"), port.address().getPort());
                TcpConnection connection = accept(port)) {
            assertThat(connection.remote()).isEqualTo(client.getLocalSocketAddress());
        }
    }

    private static TcpConnection accept(TcpListener port) throws IOException {
        return Objects.requireNonNull(port.accept());
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private static <T> FutureTask<T> inThread(Callable<T> action) {
        var task = new FutureTask<>(action);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
