// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentConnection;
import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent under strace, and a container full of traps: no path is followed below a rootfs by a process that is root of the host.
 * Half of what Incus had to mend in 2026, and runc since 2021 (CVE-2021-30465, CVE-2024-45310, CVE-2025-31133), was that. Needs
 * root and strace.
 */
class TracedRunIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int HUGE = 1000;
    private static final PtyRequest PTY = new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0});

    /** Links of every kind, a FIFO, a socket, names that are options or commands, a path past PATH_MAX, a huge directory. */
    private static final String TRAPS = """
            mkdir /evil; cd /evil
            ln -s /etc/shadow shadow; ln -s / root; ln -s /proc/self/root self; ln -s . loop
            ln -s ../../../../../../../../../../../../etc up
            mkfifo fifo
            ln -s /evil/socket /dev/log; syslogd -O /dev/null
            mkdir -- -rf ' ' ... '..\\'
            for name in --help '$(reboot)' '*' 'a"b' 'a>b' "$(printf 'new\\nline')" "$(printf '\\377\\376')"; do : > "$name"; done
            mkdir closed; : > closed/file; chmod 000 closed
            i=0; while [ $i -lt %d ]; do : > huge$i; i=$((i+1)); done
            name=$(printf 'x%%.0s' $(seq 250))
            i=0; while [ $i -lt 40 ]; do mkdir $name; cd $name; i=$((i+1)); done
            echo planted
            """.formatted(HUGE);

    /** The mount points of the next start, as links. */
    private static final String LAST_TRAPS = """
            unshare -m sh -c 'umount -l /dev/pts /dev/shm /dev/mqueue /dev/console
            for name in dev sys proc; do umount -l /$name; rmdir /$name; ln -s /evil/up /$name; done'
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"overlay", "btrfs"})
    void rootOfTheHostFollowsNoPathOfATenants(String storage) throws Exception {
        Path base = Path.of(
                "/var/tmp/berth-it-traced-" + storage); // the pool survives a crash, to be cleared by the next run
        Path trace = directory.resolve("trace");
        Process agent = launch(base, storage, trace);
        try {
            AgentConnection client = new AgentConnection(base.resolve("run/agent.sock"));
            awaitPing(client, agent);
            live(client);
            Path trash = base.resolve("state/pool/trash");
            await().atMost(LONG).until(() -> entries(trash) == 0);
            client.done(new Request.Shutdown(5));
            assertThat(agent.waitFor()).isZero();
        } finally {
            agent.descendants().forEach(ProcessHandle::destroyForcibly);
            agent.destroyForcibly();
        }
        // strace escapes what is not ASCII
        Trace seen = new Trace(Files.readAllLines(trace, ISO_8859_1));
        Territory territory = new Territory(seen, base.resolve("state/pool"), base.resolve("run/staging"));
        assertThat(territory.trespasses()).isEmpty();
        assertThat(seen.calls()).anyMatch(call -> !seen.outside(call)).anyMatch(seen::outside);
        if (storage.equals("overlay")) { // btrfs destroys a subvolume by one ioctl
            assertThat(territory.visits()).as("calls below a rootfs").isGreaterThan(HUGE);
        }
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private static void live(AgentConnection client) throws IOException {
        client.list().forEach(left -> client.delete(left.id()));
        ImageId image = client.images().stream()
                .findFirst()
                .map(status -> status.id())
                .orElseGet(() -> client.buildImage(new ImageAlias("busybox/latest"), line -> {})
                        .id());
        ContainerId id = new ContainerId(UUID.randomUUID());
        client.container(new Request.Create(id, spec("evil", image)));
        client.container(new Request.Start(id));
        assertThat(run(client, id, TRAPS, null)).isEqualTo("planted\n");
        assertThat(run(client, id, "tty", PTY)).contains("/dev/pts/");
        assertThat(run(client, id, "cat > /evil/up/copied; cat /evil/huge1; ls -R /evil | wc -l", "in", null))
                .isNotEmpty(); // a file goes in and comes out as by scp(1): by a process inside
        client.container(new Request.Freeze(id));
        client.container(new Request.Thaw(id));
        SnapshotId snapshot = SnapshotId.at(Instant.now(), new Random());
        client.done(new Request.TakeSnapshot(id, snapshot, new SnapshotName("trap")));
        ContainerId copy = new ContainerId(UUID.randomUUID());
        client.container(new Request.Copy(copy, spec("copy", image), id, null));
        client.container(new Request.Start(copy));
        assertThat(run(client, copy, "ls /evil | wc -l", null).strip()).isNotEqualTo("0");
        client.delete(copy);
        client.container(new Request.Restore(id, snapshot));
        client.done(new Request.DeleteSnapshot(id, snapshot));
        client.container(new Request.Stop(id, 0));
        client.container(new Request.Start(id));
        run(client, id, LAST_TRAPS, null);
        client.text(new Request.ConsoleLog(id, 1000));
        client.container(new Request.Stop(id, 0));
        assertThatThrownBy(() -> client.container(new Request.Start(id)))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("attach /proc");
        client.delete(id);
    }

    private static ContainerSpec spec(String name, ImageId image) {
        Limits limits = new Limits(256L << 20, 1000, 128);
        return new ContainerSpec(new ContainerName(name), new TenantName("mallory"), image, limits, NetworkMode.NONE);
    }

    private static String run(AgentConnection client, ContainerId id, String command, @Nullable PtyRequest pty)
            throws IOException {
        return run(client, id, command, "", pty);
    }

    private static String run(
            AgentConnection client, ContainerId id, String command, String input, @Nullable PtyRequest pty)
            throws IOException {
        AttachRequest request = new AttachRequest(new GuestUser("root"), command, pty, Map.of());
        try (AttachedProcess process = client.attachAsRoot(id, request)) {
            if (pty == null) {
                process.stdin().write(input.getBytes(StandardCharsets.UTF_8));
                process.stdin().close();
            }
            return new String(process.stdout().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Process launch(Path base, String storage, Path trace) throws IOException {
        Files.createDirectories(base);
        Map<String, String> environment = Map.ofEntries(
                Map.entry("BERTH_INSTANCE", "bitt" + storage.charAt(0)),
                Map.entry("BERTH_STATE_DIR", base.resolve("state").toString()),
                Map.entry("BERTH_RUN_DIR", base.resolve("run").toString()),
                Map.entry("BERTH_STORAGE", storage),
                Map.entry("BERTH_POOL_BYTES", "1073741824"),
                Map.entry("BERTH_UID_BASE", "1610612736"),
                Map.entry("BERTH_UID_RANGES", "8"),
                Map.entry("BERTH_IPV4", "none"),
                Map.entry("BERTH_IPV6", "none"),
                // users that every Debian has
                Map.entry("BERTH_PLATFORM_USER", "daemon"),
                Map.entry("BERTH_GATEWAY_USER", "bin"),
                Map.entry("BERTH_MONITOR_USER", "nobody"));
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-y",
                "-qq",
                "--seccomp-bpf",
                "--pidns-translation",
                "-s",
                "4096",
                "-o",
                trace.toString()));
        command.addAll(
                List.of("-e", "trace=%file,clone,clone3,fork,vfork,setns,unshare,fchdir,open_tree,move_mount,close"));
        command.addAll(ChildJvm.command(AgentMain.class));
        return ChildJvm.builder(environment, command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitPing(AgentConnection client, Process agent) {
        await().atMost(LONG).ignoreExceptionsInstanceOf(AgentException.class).until(() -> {
            assertThat(agent.isAlive()).as("the agent lives").isTrue();
            client.done(new Request.Ping());
            return true;
        });
    }
}
