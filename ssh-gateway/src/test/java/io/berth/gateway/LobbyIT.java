// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lobby, by OpenSSH's own client. */
@Timeout(120)
class LobbyIT {
    private static final String WEB = """
            {"name":"web","state":"RUNNING","imageAlias":"debian/bookworm","addresses":["10.0.0.2"],
             "limits":{"memoryBytes":536870912,"milliCpus":1500,"pids":512},"createdAt":"2026-11-26T02:00:00Z","quarantine":null}""";

    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
        harbour.platform.answers.put(
                "GET tenants/demo/containers?limit=500", "{\"items\":[" + WEB + "],\"next\":null}");
        harbour.platform.answers.put("GET tenants/demo/containers/web", WEB);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    @Test
    void aVerbRunsByExecInTheClientsName() throws Exception {
        Output list = harbour.ssh("lobby@127.0.0.1", "ls");
        assertThat(list.stdout().lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("web +running +debian/bookworm +10\\.0\\.0\\.2 +512 MiB +1\\.5 +2026-11-26 02:00");
        assertThat(list.status()).isZero();
        assertThat(harbour.agent.tickets).isEmpty();
        assertThat(harbour.platform.proofs).singleElement().satisfies(login -> {
            assertThat(login.path("userName").asString()).isEqualTo("lobby");
            assertThat(login.path("proof").path("algorithm").asString()).isEqualTo("ssh-ed25519");
            assertThat(login.path("proof").path("sessionId").asString()).isNotEmpty();
            assertThat(login.path("proof").path("signature").asString()).isNotEmpty();
        });
        assertThat(harbour.platform.left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void jsonIsTheRestsOwnAndHoldsNothingForATerminal() throws Exception {
        harbour.platform.answers.put(
                "GET tenants/demo/containers?limit=500", "{\"items\":[{\"name\":\"\\u009b2J\\u001b[2J\\u202e\"}]}");
        Output list = harbour.ssh("lobby@127.0.0.1", "ls --json");
        assertThat(list.stdout()).contains("\\u009B2J\\u001B[2J\\u202E");
        Output table = harbour.ssh("lobby@127.0.0.1", "ls");
        assertThat(table.stdout()).doesNotContain("\u001b", "\u009b", "\u202e").contains("[2J");
    }

    @Test
    void exitStatusesAndStreamsAreForScripts() throws Exception {
        Output missing = harbour.ssh("lobby@127.0.0.1", "usage nosuch");
        assertThat(missing).extracting(Output::status, Output::stdout).containsExactly(1, "");
        assertThat(missing.stderr()).endsWith("berth: there is no such thing\n");
        assertThat(harbour.ssh("lobby@127.0.0.1", "ls extra").status()).isEqualTo(2);
        assertThat(harbour.ssh("lobby@127.0.0.1", "usage ../../images").stderr())
                .contains("is no name");
        assertThat(harbour.ssh("lobby@127.0.0.1", "reboot").status()).isEqualTo(127);
        assertThat(harbour.ssh("lobby@127.0.0.1", "ls 'web").stderr()).contains("a quote ' has no end");
        assertThat(harbour.platform.asked).containsExactly("GET tenants/demo/containers/nosuch/usage");
    }

    @Test
    void aNewContainerIsNamedAfterItsImageAndWaitedFor() throws Exception {
        harbour.platform.answers.put("POST tenants/demo/containers", "{\"id\":\"7\",\"state\":\"PENDING\"}");
        harbour.platform.answers.put("GET operations/7?wait=20s", "{\"id\":\"7\",\"state\":\"SUCCEEDED\"}");
        Output made = harbour.ssh("lobby@127.0.0.1", "new web/1 --memory 1G --cpus=0.5 --stopped");
        assertThat(made).extracting(Output::status, Output::stdout).containsExactly(0, "web-2\n");
        assertThat(harbour.platform.asked)
                .contains("POST tenants/demo/containers {\"name\":\"web-2\",\"image\":\"web/1\","
                        + "\"limits\":{\"memoryBytes\":1073741824,\"milliCpus\":500},\"start\":false}");
    }

    @Test
    void snapshotsAreTakenListedAndRestored() throws Exception {
        String web = "tenants/demo/containers/web/snapshots";
        harbour.platform.answers.put("POST " + web, "{\"id\":\"9\",\"state\":\"SUCCEEDED\"}");
        harbour.platform.answers.put("POST " + web + "/v1.2/restore", "{\"id\":\"9\",\"state\":\"SUCCEEDED\"}");
        harbour.platform.answers.put("GET " + web, """
                {"items":[{"name":"v1.2","state":"KEPT","takenAt":"2026-11-26T02:00:00Z"}]}""");
        assertThat(harbour.ssh("lobby@127.0.0.1", "snapshot web v1.2").status()).isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "snapshots web").stdout().lines())
                .last()
                .asString()
                .matches("v1\\.2 +kept +2026-11-26 02:00");
        assertThat(harbour.ssh("lobby@127.0.0.1", "restore web v1.2").status()).isZero();
        assertThat(harbour.platform.asked)
                .containsSequence(
                        "POST " + web + " {\"name\":\"v1.2\"}", "GET " + web, "POST " + web + "/v1.2/restore");
        Output elsewhere = harbour.ssh("lobby@127.0.0.1", "restore web ../..");
        assertThat(elsewhere.status()).isEqualTo(2);
        assertThat(elsewhere.stderr()).contains("is no snapshot's name");
    }

    @Test
    void volumesAreMadeAttachedListedAndDeleted() throws Exception {
        String done = "{\"id\":\"9\",\"state\":\"SUCCEEDED\"}";
        String volumes = "tenants/demo/volumes";
        String attached = "tenants/demo/containers/web/volumes/data";
        for (String request : java.util.List.of(
                "POST " + volumes,
                "PATCH " + volumes + "/data",
                "DELETE " + volumes + "/data",
                "PUT " + attached,
                "DELETE " + attached)) {
            harbour.platform.answers.put(request, done);
        }
        harbour.platform.answers.put("GET " + volumes + "?limit=500", """
                {"items":[{"name":"data","state":"READY","diskBytes":1073741824,
                "containers":[{"name":"web","path":"/srv/data","readOnly":true}]}]}""");
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume new data 1G").status())
                .isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume attach web data /srv/data --read-only")
                        .status())
                .isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume ls").stdout().lines())
                .last()
                .asString()
                .matches("data +ready +1\\.0 GiB +web:/srv/data \\(read-only\\)");
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume detach web data").status())
                .isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume resize data 2G").status())
                .isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume rm data").status()).isZero();
        assertThat(harbour.platform.asked)
                .containsSubsequence(
                        "POST " + volumes + " {\"diskBytes\":1073741824,\"name\":\"data\"}",
                        "PUT " + attached + " {\"path\":\"/srv/data\",\"readOnly\":true}",
                        "DELETE " + attached,
                        "PATCH " + volumes + "/data {\"diskBytes\":2147483648}",
                        "DELETE " + volumes + "/data");
        Output elsewhere = harbour.ssh("lobby@127.0.0.1", "volume rm ../..");
        assertThat(elsewhere.status()).isEqualTo(2);
        assertThat(elsewhere.stderr()).contains("is no volume's name");
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume mend data").stderr()).contains("it does ls, new");
        assertThat(harbour.ssh("lobby@127.0.0.1", "volume rm data --json").status())
                .isEqualTo(2);
    }

    @Test
    void portsArePublishedListedAndClosed() throws Exception {
        String web = "tenants/demo/containers/web/ports";
        harbour.platform.answers.put("POST " + web, "{\"id\":\"9\",\"state\":\"SUCCEEDED\"}");
        harbour.platform.answers.put("DELETE " + web + "/udp-20053", "{\"id\":\"9\",\"state\":\"SUCCEEDED\"}");
        harbour.platform.answers.put("GET " + web, """
                {"items":[{"protocol":"TCP","hostPort":20080,"containerPort":80,"state":"OPEN"}]}""");
        Output published = harbour.ssh("lobby@127.0.0.1", "publish web 80");
        assertThat(published.status()).isZero();
        assertThat(published.stdout()).isEqualTo("20080/tcp\n");
        assertThat(harbour.ssh("lobby@127.0.0.1", "ports web").stdout().lines())
                .last()
                .asString()
                .matches("20080/tcp +web:80 +open");
        assertThat(harbour.ssh("lobby@127.0.0.1", "publish web 53/udp 20053").status())
                .isZero();
        assertThat(harbour.ssh("lobby@127.0.0.1", "unpublish web 20053/udp").status())
                .isZero();
        assertThat(harbour.platform.asked)
                .contains(
                        "POST " + web + " {\"containerPort\":80,\"protocol\":\"TCP\"}",
                        "POST " + web + " {\"containerPort\":53,\"protocol\":\"UDP\",\"hostPort\":20053}",
                        "DELETE " + web + "/udp-20053");
        Output elsewhere = harbour.ssh("lobby@127.0.0.1", "unpublish web ../..");
        assertThat(elsewhere.status()).isEqualTo(2);
        assertThat(elsewhere.stderr()).contains("is no port");
    }

    @Test
    void whatFailsIsToldWithThePlatformsWords() throws Exception {
        harbour.platform.answers.put("POST tenants/demo/containers/web/start", "{\"id\":\"8\",\"state\":\"PENDING\"}");
        harbour.platform.answers.put(
                "GET operations/8?wait=20s",
                "{\"id\":\"8\",\"state\":\"FAILED\",\"error\":{\"detail\":\"the node is full; ask an operator\"}}");
        Output start = harbour.ssh("lobby@127.0.0.1", "start web");
        assertThat(start.status()).isEqualTo(1);
        assertThat(start.stderr()).endsWith("berth: the node is full; ask an operator\n");
    }

    @Test
    void underTheNameOfAContainerThatThereIsNotNothingChanges() throws Exception {
        Output look = harbour.ssh("wbe@127.0.0.1", "ls");
        assertThat(look.status()).isZero();
        assertThat(look.stderr())
                .contains("berth: tenant 'demo' has no container 'wbe'; it has: web; this is the lobby");
        for (String command : List.of("rm web", "stop web", "new debian/bookworm", "true", "ls; rm web")) {
            Output refused = harbour.ssh("wbe@127.0.0.1", command);
            assertThat(refused.status()).as(command).isNotZero();
            assertThat(refused.stdout()).as(command).isEmpty();
        }
        Output shell = harbour.ssh("rm web\n".getBytes(UTF_8), "wbe@127.0.0.1");
        assertThat(shell).extracting(Output::status, Output::stdout).containsExactly(1, "");
        assertThat(harbour.platform.asked).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void linesOverAPipeAreCommands() throws Exception {
        Output two = harbour.ssh("whoami\nnonsense\n".getBytes(UTF_8), "lobby@127.0.0.1");
        assertThat(two.stdout()).startsWith("tenant demo, key SHA256:").contains("in the name of ann");
        assertThat(two.stderr()).contains("'nonsense'");
        assertThat(two.status()).isEqualTo(127);
    }

    @Test
    void atATerminalLinesAreEditedAndCompleted() throws Exception {
        try (var session = new Background(harbour.command(harbour.key, "-tt", "lobby@127.0.0.1"))) {
            session.await("This is the lobby of tenant demo");
            session.await("lobby:demo> ");
            session.type("oami\u0001wh\r"); // ^A: to the line's beginning
            session.await("tenant demo, key SHA256:");
            session.await("lobby:demo> ");
            session.type("rm we\t");
            session.await("b");
            session.type("\r");
            session.await("delete container 'web' with all its files?");
            session.type("n\r");
            session.await("container 'web' stays");
            session.await("lobby:demo> ");
            session.type("nonsense\u0003"); // ^C
            session.await("lobby:demo> ");
            session.type("\u0004"); // ^D
            assertThat(session.process.waitFor()).isEqualTo(130);
        }
        assertThat(harbour.platform.asked).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void theLobbyHasNoFilesAndNoNetwork() throws Exception {
        Output sftp = harbour.ssh("-s", "lobby@127.0.0.1", "sftp");
        assertThat(sftp.stderr()).contains("the lobby has no files");
        Output forward = harbour.ssh("-W", "127.0.0.1:" + harbour.port(), "lobby@127.0.0.1");
        assertThat(forward.status()).isNotZero();
        assertThat(forward.stderr()).contains("the lobby has no network");
    }

    @Test
    void aPlatformThatIsGoneIsToldAndTheLobbySaysWhatStillWorks() throws Exception {
        harbour.platform.answers.clear();
        harbour.platform.answers.put("GET images", "no json");
        Output list = harbour.ssh("lobby@127.0.0.1", "images");
        assertThat(list.status()).isEqualTo(255);
        assertThat(list.stderr()).contains("sessions that are open go on");
    }

    @Test
    void manyChannelsShareOneStay() throws Exception {
        Path socket = directory.resolve("control");
        try (var master =
                new Background(harbour.command(harbour.key, "-M", "-S", socket.toString(), "-N", "lobby@127.0.0.1"))) {
            master.awaitFile(socket);
            for (int i = 0; i < 3; i++) {
                assertThat(harbour.ssh("-S", socket.toString(), "lobby@127.0.0.1", "whoami")
                                .status())
                        .isZero();
            }
        }
        assertThat(harbour.platform.proofs).hasSize(1);
    }
}
