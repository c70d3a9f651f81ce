// SPDX-License-Identifier: Apache-2.0
package io.berth.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * From nothing to a login and back, as README promises: the launcher, PostgreSQL, all three processes, Debian with systemd, and
 * OpenSSH's own client. One installation serves all tests, as making it takes a minute; the last one takes it down.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstLoginIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private Installation berth;

    @BeforeAll
    void install() {
        berth = Installation.fresh();
    }

    @AfterAll
    void remove() {
        Command purge = berth.berth("down", "--purge", "--yes");
        assertThat(purge.status()).as(purge.err()).isZero();
    }

    @Test
    @Order(1)
    void printedLineWorksAsItStands() {
        assertThat(berth.sshLine()).startsWith("ssh", "-p", "12922");
        Command login = berth.ssh("true");
        assertThat(login.status()).as(login.err()).isZero();
    }

    @Test
    @Order(2)
    void containerIsAnUnmodifiedDebianThatRunsWithoutAFailedUnit() {
        assertThat(berth.ssh("systemctl is-system-running --wait").out()).isEqualTo("running\n");
        assertThat(berth.ssh("systemctl --failed --no-legend --plain").out()).isEmpty();
        assertThat(berth.ssh("cat /proc/1/comm").out()).isEqualTo("systemd\n");
        assertThat(berth.ssh(". /etc/os-release; echo $ID $VERSION_CODENAME").out())
                .isEqualTo("debian bookworm\n");
        assertThat(berth.ssh("hostname; whoami; pwd; echo $SHELL").out()).isEqualTo("demo\nroot\n/root\n/bin/bash\n");
    }

    @Test
    @Order(3)
    void containerIsUnprivilegedAndSeesOnlyItself() {
        String[] map = berth.ssh("cat /proc/self/uid_map").out().strip().split("\\s+", -1);
        assertThat(map[0]).isEqualTo("0");
        assertThat(Long.parseLong(map[1])).isGreaterThanOrEqualTo(1_073_741_824L);
        assertThat(map[2]).isEqualTo("65536");
        assertThat(berth.ssh("ps -e -o comm=").out().lines())
                .contains("systemd")
                .doesNotContain("java", "postgres", "kthreadd");
        assertThat(berth.ssh("mount -t tmpfs none /mnt && umount /mnt; mknod /tmp/sda b 8 0")
                        .status())
                .isNotZero();
    }

    @Test
    @Order(4)
    void exitStatusAndStreamsAreAsOverSshd() {
        Command command = berth.ssh("echo out; echo err >&2; exit 42");
        assertThat(command).isEqualTo(new Command(42, "out\n", "err\n"));
        assertThat(berth.ssh("kill -9 $$").status()).isEqualTo(255);
        byte[] random = new byte[3_000_000];
        new Random(1).nextBytes(random);
        Command sum = berth.ssh("sha256sum | cut -c1-64", random);
        Command local =
                Command.run(Path.of("/"), Map.of(), LONG, List.of("sh", "-c", "sha256sum | cut -c1-64"), random);
        assertThat(sum.out()).isEqualTo(local.out());
    }

    @Test
    @Order(5)
    void terminalHasItsSizeAndItsUser() {
        Command terminal = Command.run(
                berth.home(),
                berth.environment(),
                LONG,
                List.of(
                        "script",
                        "-qec",
                        "stty rows 31 cols 97; "
                                + String.join(
                                        " ", berth.sshArgv("demo", List.of("-tt"), "'tty; stty size; echo $TERM'")),
                        "/dev/null"));
        assertThat(terminal.out()).contains("/dev/pts/", "31 97");
    }

    @Test
    @Order(5)
    void terminalInTheBrowserIsALoginShell() {
        String shown = berth.typeInBrowser(
                "demo", "demo", "stty size; tty; echo $TERM; whoami; shopt -q login_shell && echo login:yes; exit 5\n");
        assertThat(shown)
                .contains("31 97", "/dev/pts/", "xterm-256color", "root\r\n", "login:yes\r\n")
                .endsWith("{\"attached\":{\"columns\":97,\"rows\":31}}{\"exited\":{\"status\":5}}");
    }

    @Test
    @Order(6)
    void loginShellIsALoginShell() {
        Command shell = Command.run(
                berth.home(),
                berth.environment(),
                LONG,
                berth.sshArgv("demo", List.of("-tt"), ""),
                "shopt -q login_shell && echo login:yes; exit 5\n".getBytes(StandardCharsets.UTF_8));
        assertThat(shell.out()).contains("login:yes");
        assertThat(shell.status()).isEqualTo(5);
    }

    @Test
    @Order(7)
    void networkComesByDhcpAndNamesAreResolved() {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                berth.ssh("ip -4 -o addr show dev eth0").out())
                        .contains("10.183."));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(berth.ssh("ip -6 -o addr show dev eth0 scope global")
                                .out())
                        .contains("fd42:7a1c:b0e5:77:"));
        assertThat(berth.ssh("ip route show default").out()).contains("10.183.0.1");
        assertThat(berth.ssh("ping -c1 -W5 10.183.0.1").status()).isZero();
    }

    @Test
    @Order(8)
    void keyThatNobodyKnowsIsRefusedWithTheCure(@TempDir Path directory) {
        Path key = directory.resolve("key");
        Command.run(
                directory,
                Map.of(),
                LONG,
                List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        List<String> options = List.of("-F", "/dev/null", "-o", "IdentitiesOnly=yes", "-o", "IdentityFile=none");
        List<String> argv = new ArrayList<>(List.of("ssh", "-p", "12922", "-i", key.toString()));
        argv.addAll(options);
        argv.addAll(List.of(
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "BatchMode=yes",
                "demo@localhost",
                "true"));
        Command login = Command.run(directory, Map.of(), LONG, argv);
        assertThat(login.status()).isEqualTo(255);
        assertThat(login.err()).contains("Permission denied (publickey)").contains("add your public key");
    }

    @Test
    @Order(9)
    void wrongNamesAreOneLineWithTheCure() {
        Command missing = berth.sshTo("nosuch", List.of(), "true");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(lastLine(missing.err())).startsWith("berth: ").contains("nosuch");
        Command noName = berth.sshTo("No_Name!", List.of(), "true");
        assertThat(noName.status()).isNotZero();
        assertThat(noName.err().lines()).anyMatch(line -> line.startsWith("berth: ") && line.contains("No_Name!"));
        Command noUser = berth.sshTo("nobodyhere+demo", List.of(), "true");
        assertThat(noUser.status()).isEqualTo(1);
        assertThat(lastLine(noUser.err())).startsWith("berth: ").contains("nobodyhere");
    }

    @Test
    @Order(10)
    void secondContainerSharesNothing() {
        assertThat(berth.finish(berth.post("/tenants/demo/containers", """
                {"name":"other","image":"debian/bookworm","limits":{"memoryBytes":536870912,"milliCpus":1000,"pids":512}}"""))
                        .get("state")
                        .asString())
                .isEqualTo("SUCCEEDED");
        long one =
                Long.parseLong(berth.ssh("cat /proc/self/uid_map").out().strip().split("\\s+", -1)[1]);
        long two = Long.parseLong(berth.sshTo("other", List.of(), "cat /proc/self/uid_map")
                .out()
                .strip()
                .split("\\s+", -1)[1]);
        assertThat(Math.abs(one - two)).isGreaterThanOrEqualTo(65_536);
        String address = berth.get("/tenants/demo/containers/demo")
                .body()
                .get("addresses")
                .get(0)
                .asString();
        assertThat(berth.sshTo("other", List.of(), "ping -c1 -W2 " + address).status())
                .isNotZero();
    }

    @Test
    @Order(11)
    void podmanFromDebianRunsAndBuildsContainersInside() throws IOException {
        Command nested = berth.ssh("sh -s", Files.readAllBytes(Path.of("src/test/resources/nested-podman.sh")));
        assertThat(nested.status()).as(nested.err()).isZero();
        assertThat(nested.out().lines())
                .containsExactly(
                        "storage: overlay", // the kernel's own, not FUSE's
                        "inside: 0 1",
                        "mapped: 1 1024",
                        "published: 0",
                        "image: built");
    }

    @Test
    @Order(12)
    void stoppedContainerSaysHowToStartIt() {
        berth.finish(berth.post("/tenants/demo/containers/other/stop", ""));
        Command login = berth.sshTo("other", List.of(), "true");
        assertThat(login.status()).isEqualTo(1);
        assertThat(lastLine(login.err()))
                .startsWith("berth: ")
                .contains("stopped")
                .contains("start");
    }

    @Test
    @Order(13)
    void rebootAndPoweroffInsideDoWhatTheySay() {
        berth.finish(berth.post("/tenants/demo/containers/other/start", ""));
        String boot = berth.sshTo("other", List.of(), "cat /proc/1/stat | cut -d' ' -f22; stat -c %i /proc/1/ns/pid")
                .out();
        awaitBooted();
        berth.sshTo("other", List.of(), "systemctl reboot");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(berth.sshTo(
                                        "other",
                                        List.of(),
                                        "cat /proc/1/stat | cut -d' ' -f22; stat -c %i /proc/1/ns/pid")
                                .out())
                        .isNotEmpty()
                        .isNotEqualTo(boot));
        awaitBooted();
        berth.sshTo("other", List.of(), "systemctl poweroff");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(berth.get("/tenants/demo/containers/other")
                                .body()
                                .get("state")
                                .asString())
                        .isEqualTo("STOPPED"));
        assertThat(berth.get("/tenants/demo/containers/other")
                        .body()
                        .get("desiredState")
                        .asString())
                .isEqualTo("STOPPED");
    }

    /** Before it has a bus, systemd waits for nothing and turns nothing off. */
    private void awaitBooted() {
        await().atMost(LONG)
                .until(() -> berth.sshTo("other", List.of(), "systemctl is-system-running --wait")
                        .out()
                        .equals("running\n"));
    }

    @Test
    @Order(14)
    void sessionOutlivesAgentAndPlatformAndLoginsGoOnWithoutThePlatform() throws IOException {
        Path out = Files.createTempFile("berth-session", ".out");
        Process session = new ProcessBuilder(berth.sshArgv("demo", List.of(), "echo begun; read line; echo got $line"))
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().atMost(LONG).until(() -> Files.readString(out).contains("begun"));
        String before = berth.ssh("stat -c %i /proc/1/ns/pid").out();
        berth.kill("platform");
        assertThat(berth.ssh("echo in all the same").out()).isEqualTo("in all the same\n");
        berth.kill("agent");
        session.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
        session.getOutputStream().close();
        await().atMost(LONG).until(() -> !session.isAlive());
        assertThat(Files.readString(out)).contains("got hello");
        assertThat(session.exitValue()).isZero();
        Files.delete(out);
        berth.up();
        assertThat(berth.ssh("stat -c %i /proc/1/ns/pid").out()).isEqualTo(before);
    }

    @Test
    @Order(15)
    void agentKilledAnywhereInACreateLeavesNothingHalfMade() {
        for (int delayMillis : new int[] {0, 15, 40, 80, 150}) {
            Installation.Answer accepted = berth.post("/tenants/demo/containers", """
                    {"name":"killed%d","image":"debian/bookworm"}""".formatted(delayMillis));
            pause(delayMillis);
            berth.kill(delayMillis % 2 == 0 ? "agent" : "platform");
            berth.up();
            assertThat(berth.finish(accepted).get("state").asString()).isEqualTo("SUCCEEDED");
            Command login = berth.sshTo("killed" + delayMillis, List.of(), "echo in");
            assertThat(login.out()).as(login.err()).isEqualTo("in\n");
            berth.finish(berth.delete("/tenants/demo/containers/killed" + delayMillis));
        }
        assertThat(berth.get("/tenants/demo/containers").body().get("items").size())
                .isEqualTo(2);
        assertThat(cgroups()).hasSize(1); // other is powered off
    }

    @Test
    @Order(16)
    void upTwiceIsHarmless() {
        String before = berth.ssh("stat -c %i /proc/1/ns/pid").out();
        long agent = berth.process("agent").pid();
        String said = berth.up();
        assertThat(said).contains("ssh -p 12922").doesNotContain("password");
        assertThat(berth.process("agent").pid()).isEqualTo(agent);
        assertThat(berth.ssh("stat -c %i /proc/1/ns/pid").out()).isEqualTo(before);
    }

    @Test
    @Order(17)
    void statusAndDoctorTellTheTruth() {
        Command status = berth.berth("status", "--json");
        assertThat(status.status()).as(status.err()).isZero();
        assertThat(status.out()).contains("agent", "gateway", "platform", "postgres");
        Command doctor = berth.berth("doctor");
        assertThat(doctor.status()).as(doctor.out() + doctor.err()).isZero();
        HttpResponse<String> portal = berth.portal();
        assertThat(portal.statusCode()).isEqualTo(200);
        assertThat(portal.body()).contains("<html");
        Command list = berth.berth("ls");
        assertThat(list.out()).contains("demo.demo", "running", "other.demo", "stopped");
    }

    @Test
    @Order(18)
    void downLeavesNothingAndUpBringsTheSameContainersBack() throws IOException {
        berth.ssh("echo kept > /root/kept; sync");
        Command down = berth.berth("down");
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("berth-system-test");
        assertThat(cgroups()).isEmpty();
        assertThat(Command.run(Path.of("/"), Map.of(), LONG, List.of("ip", "-o", "link"))
                        .out())
                .doesNotContain("bsys");
        assertThat(Command.run(Path.of("/"), Map.of(), LONG, List.of("losetup", "-a"))
                        .out())
                .doesNotContain("berth-system-test");
        assertThat(Command.run(Path.of("/"), Map.of(), LONG, List.of("nft", "list", "tables"))
                        .out())
                .doesNotContain("bsys");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("berth-system-test"))
                        .filter(process ->
                                process.pid() != ProcessHandle.current().pid()))
                .isEmpty();
        assertThat(berth.berth("down").status()).isZero();
        assertThat(berth.berth("status").status()).isEqualTo(3);
        berth.up();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(berth.ssh("cat /root/kept").out()).isEqualTo("kept\n"));
        assertThat(berth.get("/tenants/demo/containers/other")
                        .body()
                        .get("state")
                        .asString())
                .isEqualTo("STOPPED");
    }

    /** umount2(2) is 166 on x86-64, MNT_FORCE is 1; EPERM is the rule's word, EINVAL the kernel's of what is no mount. */
    private String forcedUmount() {
        return berth.ssh("perl -e 'my $where = qq{/mnt}; syscall(166, $where, 1); print $! + 0'")
                .out();
    }

    private static final String EPERM = "1";
    private static final String EINVAL = "22";

    @Test
    @Order(19)
    void whatIsDeniedIsSeenOverRestAndAnExceptionEndsInTime() {
        assertThat(forcedUmount()).isEqualTo(EPERM);
        String denials = "/tenants/demo/containers/demo/denials";
        assertThat(berth.get(denials).body().path("recent").valueStream()).anySatisfy(denial -> {
            assertThat(denial.path("rule").asString()).isEqualTo("umount2");
            assertThat(denial.path("call").asString()).isEqualTo("umount2(flags=0x1)");
            assertThat(denial.path("process").asString()).isEqualTo("perl");
        });
        assertThat(berth.get(denials).body().path("counts").toString()).contains("\"umount2\"");
        String grant = "/tenants/demo/containers/demo/grants/umount2";
        assertThat(berth.put(grant, until(Duration.ofDays(1))).status()).isEqualTo(200);
        assertThat(forcedUmount()).isEqualTo(EINVAL);
        assertThat(berth.put(grant, until(Duration.ofSeconds(2))).status()).isEqualTo(200);
        await().atMost(LONG).until(() -> forcedUmount().equals(EPERM));
        assertThat(berth.get(denials).body().path("grants").isEmpty()).isTrue();
    }

    private static String until(Duration ahead) {
        return "{\"reason\":\"a test\",\"until\":\"" + Instant.now().plus(ahead) + "\"}";
    }

    @Test
    @Order(20)
    void aVirtualPatchDeniesACallAtTheNextLogin() {
        assertThat(berth.ssh("hostname demo").status()).isZero();
        Installation.Answer patch = berth.put("/patches/sethostname", "{\"reason\":\"a test\"}");
        assertThat(patch.status()).as(patch.toString()).isEqualTo(200);
        assertThat(patch.body().path("nodes").path(0).path("appliedAt").isNull())
                .isFalse();
        assertThat(berth.ssh("hostname demo").status()).isNotZero();
        assertThat(berth.get("/patches/sethostname/coverage").body().toString()).contains("\"name\":\"demo\"");
        assertThat(berth.delete("/patches/sethostname").status()).isEqualTo(204);
        assertThat(berth.ssh("hostname demo").status()).isZero();
    }

    @Test
    @Order(20)
    void theLobbyHasRestsVerbsAndATerminalWakesWhatIsStopped() {
        assertThat(berth.sshTo("lobby", List.of(), "ls").out()).contains("demo ", "running", "other ", "stopped");
        assertThat(berth.sshTo("nosuch", List.of(), "usage demo").out()).contains("demo ", "MiB");
        assertThat(berth.sshTo("other", List.of(), "true").status()).isEqualTo(1);
        Command woken = Command.run(
                berth.home(),
                berth.environment(),
                LONG,
                berth.sshArgv("other", List.of("-tt"), ""),
                "echo in:$((40 + 2)); exit\n".getBytes(StandardCharsets.UTF_8));
        assertThat(woken.out()).contains("in:42");
        assertThat(woken.err()).contains("starting it", "runs, after");
        Command stop = berth.sshTo("lobby", List.of(), "stop other --grace 5");
        assertThat(stop.status()).as(stop.err()).isZero();
        Command made = berth.sshTo("lobby", List.of(), "new debian/bookworm made --memory 256M");
        assertThat(made.out()).as(made.err()).isEqualTo("made\n");
        assertThat(berth.sshTo("made", List.of(), "echo in").out()).isEqualTo("in\n");
        assertThat(berth.sshTo("lobby", List.of(), "snapshot made first").status())
                .isZero();
        assertThat(berth.sshTo("made", List.of(), "rm /etc/motd").status()).isZero();
        Command restore = berth.sshTo("lobby", List.of(), "restore made first");
        assertThat(restore.status()).as(restore.err()).isZero();
        assertThat(berth.sshTo("made", List.of(), "ls /etc/motd").out()).isEqualTo("/etc/motd\n");
        assertThat(berth.sshTo("lobby", List.of(), "rm made").status()).isZero();
        assertThat(berth.sshTo("lobby", List.of(), "ls --json").out())
                .contains("\"STOPPED\"")
                .doesNotContain("\"made\"");
    }

    /** web/e2e/portal.js: Debian's Chromium; what each page looks like is in target/portal then. */
    @Test
    @Order(21)
    void aPersonWithABrowserNeedsNothingElse() {
        Command browser = berth.browser(Path.of("target/portal").toAbsolutePath());
        assertThat(browser.status()).as(browser.out() + browser.err()).isZero();
    }

    /** What was shown until then is kept, and that more may have been. */
    @Test
    @Order(22)
    void aGatewayThatIsKilledLosesNothingOfARecordedSession() throws Exception {
        berth.put("/tenants/demo/recording-rule", """
                {"required":true,"input":false,"keepDays":1,"mostBytes":10000000}""");
        Process session = new ProcessBuilder(
                        berth.sshArgv("demo", List.of("-tt"), "printf 'shown:%d.\\n' 42; exec sleep 1000"))
                .start();
        assertThat(session.inputReader().lines().anyMatch(line -> line.contains("shown:42.")))
                .isTrue();
        berth.kill("gateway");
        await().atMost(LONG).until(() -> !session.isAlive());
        berth.up();
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(newestRecording().get("how").asString()).isEqualTo("INTERRUPTED"));
        assertThat(berth.download("/tenants/demo/recordings/"
                        + newestRecording().get("id").asString() + "/cast"))
                .contains("shown:42.");
        berth.delete("/tenants/demo/recording-rule");
    }

    private JsonNode newestRecording() {
        return berth.get("/tenants/demo/recordings").body().get("items").get(0);
    }

    private static List<Path> cgroups() {
        Path parent = Path.of("/sys/fs/cgroup/unified/bsys");
        try (var children = Files.newDirectoryStream(parent, Files::isDirectory)) {
            List<Path> found = new ArrayList<>();
            children.forEach(found::add);
            return found;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Not a wait for an event: the point in time is the test's input. */
    private static void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (first, second) -> second);
    }
}
