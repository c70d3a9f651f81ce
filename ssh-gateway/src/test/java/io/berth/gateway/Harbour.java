// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.recording.RecordingCourier;
import io.berth.gateway.recording.RecordingSpool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A gateway on a free port with its platform and agent, and OpenSSH's own client to knock at it. */
final class Harbour implements AutoCloseable {
    private static final int MOST_SECONDS = 60;

    final StubPlatform platform = new StubPlatform();
    final LocalAgent agent = new LocalAgent();
    final Path directory;
    final Path key;
    final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    /** What the gateway goes by where it looks at the time. */
    final SettableClock clock = new SettableClock();

    final StandbyDesk standby;
    private final HostKeys hostKeys;
    private final SshGateway gateway;
    private final SessionReports reports;
    final RecordingSpool recordings;
    private final RecordingCourier courier;

    Harbour(Path directory) throws Exception {
        this(directory, Map.of());
    }

    /** @param limits variables of {@link LimitVariables} */
    Harbour(Path directory, Map<String, String> limits) throws Exception {
        this(directory, limits, 0);
    }

    /** @param port 0 for a free one */
    Harbour(Path directory, Map<String, String> limits, int port) throws Exception {
        this(directory, limits, port, RecordingSpool.MOST_BYTES);
    }

    /** @param spoolBytes what the gateway's recordings take on disk at most */
    Harbour(Path directory, Map<String, String> limits, int port, long spoolBytes) throws Exception {
        this.directory = directory;
        key = newKey("id", "ed25519");
        allow(key);
        hostKeys = HostKeys.load(directory.resolve("ssh_host_ed25519_key"));
        recordings = new RecordingSpool(directory.resolve("recordings"), spoolBytes);
        var watch = new Watch(
                new LiveSessions(), events::add, recordings, org.slf4j.LoggerFactory.getLogger(Harbour.class));
        standby = new StandbyDesk(
                new PlatformDesk(platform.logins(), StubPlatform.TOKEN),
                clock,
                new StandbyFile(directory.resolve("standby.json")));
        gateway = new SshGateway(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                hostKeys,
                standby,
                agent,
                new LocalSockets(directory),
                new LimitVariables(limits).read(),
                clock,
                watch);
        gateway.start();
        var desk = new PlatformDesk(platform.logins(), StubPlatform.TOKEN);
        String name = hostKeys.fingerprint();
        reports = new SessionReports(watch.sessions(), desk, name);
        courier = new RecordingCourier(
                recordings, (facts, offset, bytes, ending) -> desk.record(name, facts, offset, bytes, ending));
    }

    Bulletin bulletin() {
        return new Bulletin(
                gateway,
                new PlatformDesk(platform.logins(), StubPlatform.TOKEN),
                hostKeys.lines(),
                org.slf4j.LoggerFactory.getLogger(Harbour.class));
    }

    /** As of a gateway that has just started. */
    BanWatch bans() {
        return new BanWatch(
                new PlatformDesk(platform.logins(), StubPlatform.TOKEN), directory.resolve("bans.json"), gateway::ban);
    }

    String numbers() {
        return gateway.numbers();
    }

    int port() {
        return gateway.port();
    }

    Path newKey(String name, String type) throws Exception {
        Path file = directory.resolve(name);
        Output made = run(List.of("ssh-keygen", "-q", "-N", "", "-t", type, "-f", file.toString()), new byte[0]);
        if (made.status() != 0) {
            throw new IOException(made.stderr());
        }
        return file;
    }

    void allow(Path key) throws IOException {
        decide(key, "ALLOW");
    }

    void decide(Path key, String decision) throws IOException {
        String[] fields = Files.readString(Path.of(key + ".pub")).split(" ", -1);
        platform.keys.put(fields[0] + " " + fields[1], decision);
    }

    /** How a client ended, and what it printed. */
    @SuppressWarnings("ArrayRecordComponent") // outputs are looked into, never compared as a whole
    record Output(int status, byte[] bytes, String stderr) {
        String stdout() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    Output ssh(String... arguments) throws Exception {
        return ssh(new byte[0], arguments);
    }

    Output ssh(byte[] stdin, String... arguments) throws Exception {
        return run(command(key, arguments), stdin);
    }

    Output sshWith(Path key, String... arguments) throws Exception {
        return run(command(key, arguments), new byte[0]);
    }

    /** The client's command line; a destination is added when the arguments name none. */
    List<String> command(Path key, String... arguments) {
        List<String> line = new ArrayList<>(List.of("ssh", "-F", "none", "-p", Integer.toString(port())));
        for (String option : List.of(
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "StrictHostKeyChecking=accept-new",
                "UserKnownHostsFile=" + directory.resolve("known_hosts"),
                "ConnectTimeout=20",
                "LogLevel=INFO")) {
            line.addAll(List.of("-o", option));
        }
        line.addAll(List.of("-i", key.toString()));
        line.addAll(List.of(arguments));
        return line;
    }

    /** What a process inside waits at until {@link #release} opens it. */
    Path gate(String name) throws Exception {
        Path gate = directory.resolve(name);
        Output made = run(List.of("mkfifo", gate.toString()), new byte[0]);
        if (made.status() != 0) {
            throw new IOException(made.stderr());
        }
        return gate;
    }

    /** Waits in turn until somebody is at it. */
    static void release(Path gate) throws IOException {
        Files.writeString(gate, "\n", StandardOpenOption.WRITE);
    }

    static Output run(List<String> command, byte[] stdin) throws Exception {
        Process process = new ProcessBuilder(command).start();
        try {
            var out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Thread::startVirtualThread);
            var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), Thread::startVirtualThread);
            Thread.startVirtualThread(() -> write(process, stdin));
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end in " + MOST_SECONDS + " s");
            }
            return new Output(process.exitValue(), out.get(), new String(err.get(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] read(java.io.InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Process process, byte[] stdin) {
        try (var out = process.getOutputStream()) {
            out.write(stdin);
        } catch (IOException e) {
            // the client has ended or wants no more: its status says what that means
        }
    }

    @Override
    public void close() throws IOException {
        standby.save();
        reports.close();
        gateway.close();
        courier.close();
        platform.close();
    }
}
