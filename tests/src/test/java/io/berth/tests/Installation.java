// SPDX-License-Identifier: Apache-2.0
package io.berth.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Berth as a person installs it: by the launcher, with settings that leave another instance on this machine alone. What a run
 * that was killed left behind, {@link #fresh} clears.
 */
final class Installation {
    private static final Path HOME =
            Path.of(System.getProperty("berth.home", "..")).toAbsolutePath().normalize();
    private static final Path ROOT = Path.of("/var/tmp/berth-system-test");
    private static final Duration FIRST_UP = Duration.ofMinutes(15);
    private static final Duration MOST_BROWSING = Duration.ofMinutes(10); // two on a quick machine
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> environment = new HashMap<>();
    private String adminPassword = "";
    private List<String> sshLine = List.of();

    private Installation() {
        environment.put("BERTH_INSTANCE", "bsys");
        environment.put("BERTH_STATE_DIR", ROOT.resolve("state").toString());
        environment.put("BERTH_RUN_DIR", ROOT.resolve("run").toString());
        environment.put("BERTH_LOG_DIR", ROOT.resolve("log").toString());
        environment.put("BERTH_POOL_BYTES", Long.toString(12L << 30));
        environment.put("BERTH_UID_BASE", "1073741824");
        environment.put("BERTH_UID_RANGES", "64");
        environment.put("BERTH_IPV4", "10.183.0.1/16");
        environment.put("BERTH_IPV6", "fd42:7a1c:b0e5:77::1/64");
        environment.put("BERTH_HTTP_PORT", "18980");
        environment.put("BERTH_SSH_PORT", "12922");
        environment.put("BERTH_DATABASE_PORT", "15943");
    }

    /** A first `up` on a machine without any state. */
    static Installation fresh() {
        Installation installation = new Installation();
        installation.berth("down", "--purge", "--yes");
        installation.up();
        return installation;
    }

    /** `berth up`; it must succeed. */
    String up() {
        Command up = berth("up");
        if (up.status() != 0) {
            throw new AssertionError("berth up: exit status " + up.status() + "\n" + up.out() + up.err());
        }
        up.out()
                .lines()
                .filter(line -> line.startsWith("Admin: "))
                .forEach(line -> adminPassword = line.replaceFirst(".*password (\\S+) .*", "$1"));
        sshLine = up.out()
                .lines()
                .filter(line -> line.startsWith("ssh "))
                .map(line -> List.of(line.split(" ", -1)))
                .findFirst()
                .orElse(List.of());
        return up.out();
    }

    Command berth(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(HOME.resolve("berth").toString()));
        argv.addAll(List.of(arguments));
        return Command.run(HOME, environment, FIRST_UP, argv);
    }

    /** The line that `up` printed, as it stands. */
    List<String> sshLine() {
        return sshLine;
    }

    /** Pastes the printed line with a command behind it. */
    Command ssh(String command) {
        return sshTo("demo", List.of(), command);
    }

    Command ssh(String command, byte[] stdin) {
        return Command.run(HOME, environment, Duration.ofMinutes(2), sshArgv("demo", List.of(), command), stdin);
    }

    /** The same line, with another user name and more options. */
    Command sshTo(String user, List<String> options, String command) {
        return Command.run(HOME, environment, Duration.ofMinutes(2), sshArgv(user, options, command));
    }

    List<String> sshArgv(String user, List<String> options, String command) {
        List<String> argv = new ArrayList<>(sshLine.subList(0, sshLine.size() - 1));
        argv.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=20"));
        argv.addAll(options);
        argv.add(user + sshLine.getLast().substring(sshLine.getLast().indexOf('@')));
        if (!command.isEmpty()) {
            argv.add(command);
        }
        return argv;
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    Path home() {
        return HOME;
    }

    Path state() {
        return Path.of(environment.getOrDefault("BERTH_STATE_DIR", ""));
    }

    /** The process that a pid file names. */
    ProcessHandle process(String name) {
        try {
            String pid = Files.readString(ROOT.resolve("run/" + name + ".pid"))
                    .split(" ", -1)[0]
                    .strip();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9, and waits until it is gone. */
    void kill(String name) {
        ProcessHandle process = process(name);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** What a browser finds at the portal's address. */
    HttpResponse<String> portal() {
        HttpClient browser = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        URI address = URI.create("http://localhost:" + environment.get("BERTH_HTTP_PORT") + "/");
        try {
            return browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(address.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Types into a terminal as the portal does; see {@link BrowserTerminal#type}. */
    String typeInBrowser(String tenant, String container, String typed) {
        Answer opened =
                post("/tenants/" + tenant + "/containers/" + container + "/terminals", "{\"columns\":97,\"rows\":31}");
        if (opened.status() != 201) {
            throw new AssertionError("no terminal: " + opened);
        }
        URI address = URI.create("ws://localhost:" + environment.get("BERTH_HTTP_PORT") + "/api/v1/terminals/"
                + opened.body().get("id").asString());
        return BrowserTerminal.type(
                address, credential(), opened.body().get("ticket").asString(), typed);
    }

    /** Goes through the portal's pages in a real browser, as the administrator; leaves pictures of them in a directory. */
    Command browser(Path shots) {
        Map<String, String> wanted = new HashMap<>(environment);
        wanted.put("BERTH_URL", "http://localhost:" + environment.get("BERTH_HTTP_PORT"));
        wanted.put("BERTH_PASSWORD", adminPassword);
        wanted.put("BERTH_SHOTS", shots.toString());
        return Command.run(
                HOME,
                wanted,
                MOST_BROWSING,
                List.of(HOME.resolve("web/build/portal").toString(), "browser"));
    }

    private String credential() {
        return "Basic "
                + Base64.getEncoder().encodeToString(("admin:" + adminPassword).getBytes(StandardCharsets.UTF_8));
    }

    /** A REST answer. */
    record Answer(int status, String location, JsonNode body) {}

    Answer get(String path) {
        return call("GET", path, null);
    }

    Answer post(String path, String json) {
        return call("POST", path, json);
    }

    Answer put(String path, String json) {
        return call("PUT", path, json);
    }

    Answer delete(String path) {
        return call("DELETE", path, null);
    }

    /** A request that starts an operation: waits for it and returns it. */
    JsonNode finish(Answer accepted) {
        if (accepted.status() != 202) {
            throw new AssertionError("not accepted: " + accepted);
        }
        JsonNode operation = accepted.body();
        while (List.of("PENDING", "RUNNING").contains(operation.get("state").asString())) {
            operation = get("/operations/" + operation.get("id").asString() + "?wait=10s")
                    .body();
        }
        return operation;
    }

    private Answer call(String method, String path, @Nullable String json) {
        HttpResponse<String> response = send(method, path, json);
        String body = response.body().isBlank() ? "null" : response.body();
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Location").orElse(""),
                JSON.readTree(body.startsWith("{") || body.startsWith("[") ? body : "null"));
    }

    /** What is no JSON. */
    String download(String path) {
        return send("GET", path, null).body();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String json) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + environment.get("BERTH_HTTP_PORT") + "/api/v1" + path))
                .header("Authorization", credential())
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
