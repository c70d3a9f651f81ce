// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.client.AgentConnection;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A server over a recording node, on a socket of its own, with a clock that stands still until the test moves it. */
public final class RunningServer implements AutoCloseable {
    static final int PLATFORM_UID = 61_101;
    static final int GATEWAY_UID = 61_102;
    static final int STRANGER_UID = 61_103;

    public final RecordingNode node = new RecordingNode();
    final AtomicLong nanoTime = new AtomicLong();
    public final Path socket;
    final Path ticketKey;
    final AgentConnection client;
    public final Path directory;
    private final AgentServer server;
    private final Thread thread;

    public RunningServer() throws IOException {
        directory = Files.createTempDirectory("berth-agent");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        socket = directory.resolve("agent.sock");
        ticketKey = directory.resolve("ticket.pub");
        client = new AgentConnection(socket);
        var key = new PlatformKey(ticketKey, Clock.systemUTC());
        server = AgentServer.listen(socket, new Peers(PLATFORM_UID, GATEWAY_UID), node, key, nanoTime::get);
        thread = Thread.ofPlatform().name("server").start(server::serve);
    }

    /** Makes the platform's key and hands out the private half. */
    KeyPair platformKey() throws IOException {
        KeyPair pair = newKey();
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPublic().getEncoded());
        Files.writeString(ticketKey, "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
        return pair;
    }

    static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A connection made by a process of this uid. SO_PEERCRED records the effective uid of the thread that called connect(2),
     * unix_stream_connect in net/unix/af_unix.c, and credentials belong to a thread; so this is the kernel's own word.
     */
    PacketChannel connectAs(int uid) {
        var channel = new CompletableFuture<PacketChannel>();
        Thread.ofPlatform().start(() -> {
            try {
                if (uid != 0) {
                    Syscall.call(Sys.SETRESUID, -1, uid, -1);
                }
                channel.complete(PacketChannel.connect(socket));
            } catch (Throwable e) {
                channel.completeExceptionally(e);
            }
        });
        return channel.join();
    }

    static void send(PacketChannel channel, Request request) {
        channel.send(Wire.encode(request), List.of(), Duration.ofSeconds(5));
    }

    /** The next reply, without its descriptors. */
    static Reply receive(PacketChannel channel) {
        try (var packet = channel.receive(PacketChannel.MOST_FDS).orElseThrow()) {
            return Wire.decodeReply(packet.bytes());
        }
    }

    static Reply ask(PacketChannel channel, Request request) {
        send(channel, request);
        return receive(channel);
    }

    void stop() {
        server.stop();
    }

    private boolean joined() {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        server.stop();
        assertThat(joined()).isTrue();
        server.close();
        Files.deleteIfExists(ticketKey);
        Files.delete(directory);
    }
}
