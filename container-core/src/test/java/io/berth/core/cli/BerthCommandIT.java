// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.agent.ChildJvm;
import io.berth.core.agent.RunningServer;
import io.berth.core.agent.Samples;
import io.berth.core.doctor.Finding;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.IdRangeStatus.State;
import io.berth.core.protocol.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The command line against a real socket. Needs root. */
final class BerthCommandIT {
    private record Result(int status, String out, String err) {}

    private RunningServer server;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer();
        server.node.create(Samples.ID, Samples.SPEC);
        server.node.start(Samples.ID);
        environment = new HashMap<>(Map.of(
                "BERTH_RUN_DIR", server.directory.toString(),
                "BERTH_STATE_DIR", server.socket.resolveSibling("state").toString(),
                "BERTH_INSTANCE", "trial"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = BerthCommand.commandLine(environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Result(status, out.toString(), err.toString());
    }

    private Result child(String input, List<String> command) throws Exception {
        Process process = ChildJvm.builder(environment, command).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err);
    }

    @Test
    void lsShowsContainers() {
        assertThat(run("ls").out()).contains(Samples.ID.toString(), "web.demo", "running");
        JsonNode json = Wire.json().readTree(run("ls", "--json").out());
        assertThat(json.get(0).get("spec").get("name").asString()).isEqualTo("web");
    }

    @Test
    void idsShowsWhoHasWhichRangeAndWhoElse() {
        Instant noon = Instant.parse("2026-11-25T12:00:00Z");
        server.node.ids = List.of(
                new IdRangeStatus(
                        131_072, 65_536, State.OWNED, Samples.ID, noon, null, List.of("ann has ids\u001b[2J")),
                new IdRangeStatus(196_608, 65_536, State.QUARANTINED, null, noon, noon.plusSeconds(3600), List.of()));
        assertThat(run("ids").out().lines().skip(1).map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "131072 owned web.demo 2026-11-25T12:00:00Z - ann has ids\\x1b[2J",
                        "196608 quarantined - 2026-11-25T12:00:00Z 2026-11-25T13:00:00Z");
        assertThat(Wire.json()
                        .readTree(run("ids", "--json").out())
                        .get(0)
                        .get("state")
                        .asString())
                .isEqualTo("OWNED");
    }

    @Test
    void aContainerIsFoundByIdAndName() {
        for (String name : List.of("web", "web.demo", Samples.ID.toString())) {
            assertThat(Wire.json()
                            .readTree(run("inspect", name).out())
                            .get("state")
                            .asString())
                    .isEqualTo("RUNNING");
        }
        Result missing = run("inspect", "nope");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).hasLineCount(1).startsWith("berth: there is no container 'nope'; ");
    }

    @Test
    void verbsChangeState() {
        assertThat(run("stop", "web", "--grace", "3").out()).isEqualTo("web.demo stopped\n");
        assertThat(run("start", "web").out()).isEqualTo("web.demo running\n");
        assertThat(run("freeze", "web").out()).isEqualTo("web.demo frozen\n");
        assertThat(run("thaw", "web").status()).isZero();
        assertThat(run("restart", "web").status()).isZero();
        assertThat(run("delete", "web").status()).isZero();
        assertThat(server.node.asked)
                .contains("stop PT3S " + Samples.ID, "freeze " + Samples.ID, "delete " + Samples.ID);
    }

    @Test
    void aPassportWithDriftSaysSoInItsLastLineAndItsStatus() {
        Result text = run("passport", "web");
        assertThat(text.status()).isEqualTo(1);
        assertThat(text.out().lines())
                .containsExactly(
                        "DRIFT ids.uid_map  0 0 65536; expected 0 536870912 65536: a reason",
                        "1 of 1 lines are not as policy wants");
        Result json = run("passport", "web", "--json");
        assertThat(json.status()).isEqualTo(1);
        assertThat(Wire.json()
                        .readTree(json.out())
                        .get("lines")
                        .get(0)
                        .get("verdict")
                        .asString())
                .isEqualTo("DRIFT");
    }

    @Test
    void quarantineWantsAReasonThatTheTenantCanRead() {
        assertThat(run("quarantine", "web").status()).isEqualTo(2);
        assertThat(run("quarantine", "web", "--reason", "two\nlines").err())
                .hasLineCount(1)
                .contains("reason: write one line");
        assertThat(server.node.asked).noneMatch(verb -> verb.startsWith("quarantine"));
        assertThat(run("quarantine", "web", "--reason", "it sends spam").out()).isEqualTo("web.demo frozen\n");
        assertThat(run("release", "web").out()).isEqualTo("web.demo running\n");
        assertThat(run("snapshot", "ls", "web").status()).isZero();
        assertThat(run("snapshot", "create", "web", "before").out()).isEqualTo("before\n");
        assertThat(run("snapshot", "create", "web", "../../etc").err()).contains("is no snapshot name");
        assertThat(run("snapshot", "restore", "web", "nothing").err()).contains("has no snapshot 'nothing'");
        assertThat(run("copy", "web", "blog").status()).isZero();
        assertThat(run("rename", "blog", "news").status()).isZero();
        assertThat(server.node.asked).contains("quarantine " + Samples.ID, "release " + Samples.ID);
    }

    @Test
    void anImageBuildPrintsOnlyItsIdToStdout() {
        Result built = run("image", "build", "debian/bookworm");
        assertThat(built.status()).isZero();
        assertThat(built.out()).isEqualTo("sha256:" + "0".repeat(64) + "\n");
        assertThat(built.err()).isEqualTo("fetching\nunpacking\n");
        assertThat(run("image", "build", "../x").err()).hasLineCount(1).contains("is no image alias");
    }

    @Test
    void theConsoleCannotSpeakToRootsTerminal() {
        server.node.console = "login:\r\n\u001b]0;evil\u0007\u009b31m";
        assertThat(run("console", "web").out()).isEqualTo("login:\n\\x1b]0;evil\\x07\\x9b31m\n");
    }

    @Test
    void thePlanIsPrintedWhole() {
        server.node.console = "clone3(CLONE_NEWNS)\n".repeat(5000);
        assertThat(run("plan", "web").out()).isEqualTo(server.node.console);
    }

    @Test
    void wrongUsageIsStatusTwo() {
        assertThat(run("bogus").status()).isEqualTo(2);
        assertThat(run().status()).isEqualTo(2);
        assertThat(run("stop", "web", "--grace", "soon").status()).isEqualTo(2);
        assertThat(run("stop", "web", "--grace", "soon").err()).doesNotContain("\tat ");
    }

    @Test
    void withoutAgentEachCommandIsOneLineWithTheCure() {
        environment.put("BERTH_RUN_DIR", "/nonexistent");
        Result result = run("ls");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(
                        "berth: the node agent does not answer at /nonexistent/agent.sock; start it with ./berth up\n");
    }

    @Test
    void aWrongSettingIsOneLineWithTheCure() {
        environment.put("BERTH_SSH_PORT", "70000");
        Result result = run("status");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("BERTH_SSH_PORT='70000' is wrong; ");
    }

    @Test
    void statusSaysWhatIsDown() {
        Result result = run("status", "--json");
        JsonNode json = Wire.json().readTree(result.out());
        assertThat(result.status()).isEqualTo(3);
        assertThat(json.get("up").asBoolean()).isFalse();
        assertThat(json.get("processes")).hasSize(4);
        assertThat(json.get("containers").get("RUNNING").asInt()).isEqualTo(1);
        assertThat(run("status").out()).contains("gateway     down; ./berth up starts it", "1 running");
    }

    @Test
    void doctorsJsonNamesEachCheckAndACureForWhatIsMissing() {
        environment.put("BERTH_MONITOR_USER", "no-such-user");
        Result result = run("doctor", "--json");
        JsonNode json = Wire.json().readTree(result.out());
        assertThat(result.status()).isEqualTo(1);
        assertThat(json.get("ok").asBoolean()).isFalse();
        assertThat(json.get("findings")).hasSizeGreaterThan(25).allSatisfy(finding -> {
            assertThat(finding.get("found").asString()).isNotBlank();
            boolean missing = finding.get("state").asString().equals(Finding.State.MISSING.name());
            assertThat(finding.get("cure").isNull()).isNotEqualTo(missing);
        });
        assertThat(state(json, "user no-such-user")).isEqualTo("MISSING");
        for (String kernel : List.of(
                "all eight namespaces",
                "seccomp filter with user notification",
                "pidfd and pidfd_getfd",
                "clone3 into a cgroup",
                "close_range",
                "openat2",
                "fsopen, move_mount, mount_setattr",
                "overlay with layers by descriptor",
                "bridge and veth",
                "nftables")) {
            assertThat(state(json, kernel)).as(kernel).isEqualTo("OK");
        }
        assertThat(run("doctor").out()).contains("cure: ./berth up makes it");
    }

    private static String state(JsonNode report, String check) {
        for (JsonNode finding : report.get("findings")) {
            if (finding.get("check").asString().equals(check)) {
                return finding.get("state").asString();
            }
        }
        return "not looked at";
    }

    @Test
    void attachCarriesBytesAndTheExitStatus() throws Exception {
        Result result = child(
                "hello", ChildJvm.command(BerthCommand.class, "attach", "web", "--", "cat; echo no >&2;", "exit 7"));
        assertThat(result).isEqualTo(new Result(7, "hello", "no\n"));
    }

    @Test
    void aSignalsDeathIsAShellsStatus() throws Exception {
        assertThat(child("", ChildJvm.command(BerthCommand.class, "attach", "web", "kill -TERM $$"))
                        .status())
                .isEqualTo(143);
    }

    @Test
    void attachAtATerminalGetsOne() throws Exception {
        String command = String.join(" ", ChildJvm.command(BerthCommand.class, "attach", "web"))
                + " -- 'stty size; test -t 0 && exit 3'";
        String sized = "stty cols 97 rows 31; " + command;
        Result result = child("", List.of("script", "-qec", sized, "/dev/null"));
        assertThat(result.out()).contains("31 97");
        assertThat(result.status()).isEqualTo(3);
    }
}
