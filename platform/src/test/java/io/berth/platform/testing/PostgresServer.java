// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests, from the same binaries as the embedded one: a user of its own (initdb refuses root), SCRAM, a random
 * port, and no fsync, because nothing of it outlives the test. What a killed test run left behind goes at the next start.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String PREFIX = "berth-test-postgres-";
    private static final String NOBODY = "65534";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final int port;
    private final String password = UUID.randomUUID().toString();
    private volatile Process process;

    /** Unpacks and starts a server; takes about three seconds. */
    public PostgresServer() {
        try {
            clearLeftovers();
            home = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
            port = freePort();
            unpack();
            initialise();
            process = start();
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException("starting a PostgreSQL for tests", e);
        }
    }

    /** Kills all of its processes where they are, as an out-of-memory killer would, and starts it again on what they leave. */
    public void crash() throws IOException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(it ->
                it.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
        process = start();
        awaitReady();
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    public int port() {
        return port;
    }

    /** The superuser's; its name is postgres. */
    public String password() {
        return password;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** As BERTH_DATABASE_URL takes it. */
    public String url(String database) {
        return "postgresql://postgres:" + password + "@127.0.0.1:" + port + "/" + database;
    }

    /** A database with nothing in it; the result is its name. */
    public String freshDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
            return name;
        } catch (SQLException e) {
            throw new IllegalStateException("create database " + name, e);
        }
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), "postgres", password);
    }

    private void unpack() throws IOException {
        try (InputStream archive =
                Objects.requireNonNull(PostgresServer.class.getResourceAsStream("/postgres-linux-x86_64.txz"))) {
            Process tar = new ProcessBuilder("tar", "-xJ", "--no-same-owner", "-C", home.toString())
                    .inheritIO()
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            try (var input = tar.getOutputStream()) {
                archive.transferTo(input);
            }
            await(tar, "tar -xJ");
        }
    }

    private void initialise() throws IOException {
        Path passwordFile = home.resolve("password");
        Files.writeString(passwordFile, password);
        if (isRoot()) {
            await(new ProcessBuilder("chown", "-R", NOBODY + ":" + NOBODY, home.toString()).start(), "chown");
        }
        await(
                asServer(
                        home.resolve("bin/initdb").toString(),
                        "--pgdata=" + home.resolve("data"),
                        "--username=postgres",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile,
                        "--no-sync"),
                "initdb");
    }

    private Process start() throws IOException {
        return asServer(
                home.resolve("bin/postgres").toString(),
                "-D",
                home.resolve("data").toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "shared_buffers=32MB");
    }

    private Process asServer(String... command) throws IOException {
        List<String> line = new ArrayList<>();
        if (isRoot()) {
            line.addAll(
                    List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs", "--"));
        }
        line.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(home.toFile()).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                home.resolveSibling(home.getFileName() + ".log").toFile()));
        return builder.start();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void await(Process program, String name) throws IOException {
        try {
            if (!program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new IOException(name + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(name + " interrupted", e);
        }
    }

    private void awaitReady() {
        Awaitility.await("PostgreSQL's readiness")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    try (Connection connection = connect("postgres")) {
                        return connection.isValid(1);
                    }
                });
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        if (!Files.exists(home)) {
            return;
        }
        process.toHandle().destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        delete(home);
    }

    /** Directories bear the pid of the test run that made them. */
    private static void clearLeftovers() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> entries = Files.list(temporary)) {
            entries.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(Files::isDirectory)
                    .filter(PostgresServer::isAbandoned)
                    .forEach(PostgresServer::clear);
        }
    }

    private static boolean isAbandoned(Path directory) {
        String pid =
                directory.getFileName().toString().substring(PREFIX.length()).split("-", 2)[0];
        return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    private static void clear(Path directory) {
        Path data = directory.resolve("data");
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(process -> data.equals(workingDirectory(process))).forEach(ProcessHandle::destroyForcibly);
        }
        delete(directory);
    }

    /** A postmaster and its children work in their data directory; null where it can't be told. */
    private static @Nullable Path workingDirectory(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException e) {
            return null;
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
            Files.deleteIfExists(directory.resolveSibling(directory.getFileName() + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
