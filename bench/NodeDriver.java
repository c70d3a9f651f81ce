// SPDX-License-Identifier: Apache-2.0
import static java.nio.charset.StandardCharsets.UTF_8;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.HostUsers;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.runtime.Attachment;
import io.berth.core.runtime.Containers;
import io.berth.core.runtime.Node;
import io.berth.core.runtime.RuntimeSettings;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The part of the agent that is measured, driven line by line by bench/run: a request a line on stdin, its answer a line on
 * stdout, {@code ok …} or {@code failed …}. At the end of stdin, also when the bench was killed, it deletes its containers and
 * ends; the next one waits for that.
 */
final class NodeDriver {
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final TenantName TENANT = new TenantName("bench");
    private static final GuestUser ROOT = new GuestUser("root");
    private static final long NANOS = 1000;

    private final RuntimeSettings settings;
    private final ImageAlias alias;
    private final Node node;
    private ImageStatus image; // from the verb tree on

    private NodeDriver(AgentSettings agent, String alias) {
        int monitorUid = HostUsers.read().find(agent.monitorUser()).orElseThrow();
        this.settings = new RuntimeSettings(
                agent.instance(),
                agent.stateDir(),
                agent.runDir(),
                agent.storage(),
                agent.poolBytes(),
                agent.uidBase(),
                agent.uidRanges(),
                agent.uidQuarantine(),
                agent.ipv4(),
                agent.ipv6(),
                monitorUid,
                agent.lsm(),
                RuntimeSettings.PASSPORT_INTERVAL,
                false,
                agent.publishablePorts());
        this.alias = new ImageAlias(alias);
        this.node = Containers.open(settings);
        clear();
    }

    public static void main(String[] arguments) throws IOException {
        var requests = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        AgentSettings settings = AgentSettings.from(System.getenv());
        try (var answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
                var lock = FileChannel.open(
                        settings.stateDir().resolve("bench.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            NodeDriver driver = new NodeDriver(settings, arguments[0]);
            answers.println("ok");
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(driver.answer(line.split(" ", 4)));
            }
            driver.end();
        }
        System.exit(0); // whatever threads are left
    }

    private ImageStatus image() {
        return node.images().stream()
                .filter(built -> built.alias().equals(alias) && built.current())
                .findFirst()
                .orElseGet(() -> node.buildImage(alias, System.err::println));
    }

    /** Verb, container's name, then what the verb wants. */
    private String answer(String[] words) {
        try {
            return "ok " + (words.length == 1 ? ofNode(words[0]) : ofContainer(words)).replaceAll("\\s+", " ");
        } catch (RuntimeException | IOException e) {
            return "failed " + words[0] + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private String ofNode(String verb) throws IOException {
        return switch (verb) {
            case "tree" -> tree().toString();
            case "memory" -> memory();
            default -> throw new IllegalArgumentException("no such verb");
        };
    }

    private String ofContainer(String[] words) throws IOException {
        ContainerId id = new ContainerId(UUID.nameUUIDFromBytes(words[1].getBytes(UTF_8)));
        switch (words[0]) {
            case "create" -> node.create(id, spec(words[1]));
            case "start" -> node.start(id);
            case "stop" -> node.stop(id, GRACE);
            case "restart" -> node.restart(id, GRACE);
            case "delete" -> node.delete(id);
            case "init" -> {
                return String.valueOf(node.inspect(id).initPid());
            }
            case "shell" -> {
                return shell(id, Path.of(words[2]), words[3]);
            }
            case "attach" -> {
                return attach(id, new GuestUser(words[2]));
            }
            case "attaches" -> {
                return attaches(id, new GuestUser(words[2]), Integer.parseInt(words[3]));
            }
            default -> throw new IllegalArgumentException("no such verb");
        }
        return "";
    }

    private ContainerSpec spec(String name) {
        return new ContainerSpec(new ContainerName(name), TENANT, image.id(), Limits.DEFAULT, NetworkMode.NAT);
    }

    /** Exit status and output of a line of shell whose stdin is a file of the host's. */
    private String shell(ContainerId id, Path stdin, String line) throws IOException {
        try (Attachment attachment = node.attach(id, new AttachRequest(ROOT, line, null, Map.of()))) {
            Fd in = attachment.fds().get(1);
            FileCalls.writeAll(in, Files.readAllBytes(stdin));
            in.close();
            String out = new String(FileCalls.readAll(attachment.fds().get(2)), UTF_8);
            Reply.Exited exited = attachment.exit().join();
            return (exited.code() == null ? 128 : exited.code()) + " " + out;
        }
    }

    /** Microseconds until the user's shell was executed, and until it was gone. */
    private String attach(ContainerId id, GuestUser user) {
        long begin = System.nanoTime();
        try (Attachment attachment = node.attach(id, new AttachRequest(user, null, null, Map.of()))) {
            long executed = System.nanoTime();
            long gone = attachment.exit().thenApply(NodeDriver::whenGone).join();
            return (executed - begin) / NANOS + " " + (gone - begin) / NANOS;
        }
    }

    /** Called by whoever learns of the end, which in the agent sends it to the gateway from there. */
    private static long whenGone(Reply.Exited exited) {
        long now = System.nanoTime();
        if (!Integer.valueOf(0).equals(exited.code())) {
            throw new IllegalStateException("the static program ended with " + exited);
        }
        return now;
    }

    /** The second figure of as many attaches, one right after the other. */
    private String attaches(ContainerId id, GuestUser user, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> attach(id, user).split(" ", 2)[1])
                .collect(Collectors.joining(" "));
    }

    /** Where the image's files lie, see io.berth.core.storage.PoolDirectories. */
    private Path tree() {
        image = image();
        String hash = image.id().value().replace("sha256:", "");
        return settings.stateDir().resolve("pool/images").resolve(hash);
    }

    /** Bytes of live heap. */
    private static String memory() {
        for (int round = 0; round < 3; round++) {
            System.gc();
        }
        return Long.toString(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private void clear() {
        node.list().forEach(left -> node.delete(left.id()));
    }

    private void end() {
        clear();
        node.shutdown(Duration.ZERO);
    }
}
