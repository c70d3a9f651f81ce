// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.lsm.Label;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.lsm.SelinuxType;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.PublishablePorts;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tests' own: an instance name, a state directory and a uid pool that nothing else uses. What a crashed run left is
 * taken up and cleared by the next one, as a real agent would.
 */
final class TestNode implements AutoCloseable {
    static final Limits SMALL = new Limits(256L << 20, 1000, 128);
    private static final TenantName TENANT = new TenantName("tests");
    private static final int MONITOR_UID = 65_533;

    private final RuntimeSettings settings;
    private Containers node;

    private TestNode(RuntimeSettings settings) {
        this.settings = settings;
        this.node = Containers.open(settings);
    }

    static TestNode open(RuntimeSettings.StorageDriver storage, int uidRanges) throws IOException {
        return open(storage, uidRanges, null);
    }

    /** @param ipv4 the bridge's address and net, null for none */
    static TestNode open(RuntimeSettings.StorageDriver storage, int uidRanges, @Nullable String ipv4)
            throws IOException {
        String name = storage.name().toLowerCase(Locale.ROOT);
        return open(ipv4 == null ? name : name + "-net", storage, 4L << 30, uidRanges, ipv4, null);
    }

    /** With a bridge that containers of NetworkMode.NAT are on. */
    static TestNode openWithNetwork(String ipv4, String ipv6) throws IOException {
        return open("network", RuntimeSettings.StorageDriver.OVERLAY, 4L << 30, 8, ipv4, ipv6);
    }

    /** On a btrfs pool that is full soon. */
    static TestNode openWithPoolOf(long bytes) throws IOException {
        return open("small", RuntimeSettings.StorageDriver.BTRFS, bytes, 8, null, null);
    }

    private static TestNode open(
            String name,
            RuntimeSettings.StorageDriver storage,
            long poolBytes,
            int uidRanges,
            @Nullable String ipv4,
            @Nullable String ipv6)
            throws IOException {
        TestNode opened = new TestNode(settings(name, storage, poolBytes, uidRanges, ipv4, ipv6));
        opened.node.list().forEach(left -> opened.remove(left.id()));
        return opened;
    }

    /** The same as {@link #open}, in another process, with what there is. */
    static TestNode resume(RuntimeSettings.StorageDriver storage, int uidRanges) throws IOException {
        return new TestNode(
                settings(storage.name().toLowerCase(Locale.ROOT), storage, 4L << 30, uidRanges, null, null));
    }

    private static RuntimeSettings settings(
            String name,
            RuntimeSettings.StorageDriver storage,
            long poolBytes,
            int uidRanges,
            @Nullable String ipv4,
            @Nullable String ipv6)
            throws IOException {
        Path base = Path.of("/var/tmp/berth-it-" + name);
        Path state = Files.createDirectories(base.resolve("state"));
        Path run = Files.createDirectories(base.resolve("run"));
        return new RuntimeSettings(
                (ipv4 == null ? "bit" : "bin") + name.charAt(0),
                state,
                run,
                storage,
                poolBytes,
                1_610_612_736L,
                uidRanges,
                Duration.ZERO, // the pool is small, and every test wants some of it
                ipv4,
                ipv6,
                MONITOR_UID,
                RuntimeSettings.Lsm.DEFAULT,
                RuntimeSettings.PASSPORT_INTERVAL,
                false,
                PublishablePorts.parse("21000-21999", Set.of())); // beside those of a node that runs here
    }

    Containers node() {
        return node;
    }

    RuntimeSettings settings() {
        return settings;
    }

    /** What processes of a container are labelled with, on a host with AppArmor or SELinux. */
    Label label(ContainerId id) {
        return SecurityModule.detect(
                        settings.instance(), settings.stateDir().resolve("agent"), SelinuxType.CONTAINER_INIT_T)
                .label(id, (int)
                        ((status(id).uidBase() - settings.uidBase()) >> Short.SIZE)); // its place in the ledger
    }

    /** The node's directory in every hierarchy of cgroups that this host has. */
    List<Path> cgroups() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return mounts.filter(line -> line.contains(" - cgroup"))
                    .map(line -> Path.of(line.split(" ", -1)[4], settings.instance()))
                    .toList();
        }
    }

    /** As when the agent is killed and started anew: nothing in the container's life depends on the object that goes. */
    void reopen() {
        whileAway(() -> {});
    }

    /** As when something happens between an agent's end and the next one's start. */
    void whileAway(Runnable happens) {
        node.close();
        happens.run();
        node = Containers.open(settings);
    }

    /** The same with an agent that looks every second and freezes what differs. */
    void reopenFreezingOnDrift() {
        node.close();
        node = Containers.open(new RuntimeSettings(
                settings.instance(),
                settings.stateDir(),
                settings.runDir(),
                settings.storage(),
                settings.poolBytes(),
                settings.uidBase(),
                settings.uidRanges(),
                settings.uidQuarantine(),
                settings.ipv4(),
                settings.ipv6(),
                settings.monitorUid(),
                settings.lsm(),
                Duration.ofSeconds(1),
                true,
                settings.publishablePorts()));
    }

    ImageId busybox() {
        ImageAlias alias = new ImageAlias("busybox/latest");
        return node.images().stream()
                .filter(image -> image.alias().equals(alias) && image.current())
                .findFirst()
                .orElseGet(() -> node.buildImage(alias, line -> {}))
                .id();
    }

    ContainerId create(String name) {
        return create(name, SMALL);
    }

    ContainerId create(String name, Limits limits) {
        return create(name, limits, NetworkMode.NONE);
    }

    ContainerId create(String name, Limits limits, NetworkMode network) {
        return create(name, TENANT, limits, network);
    }

    ContainerId create(String name, TenantName tenant, Limits limits, NetworkMode network) {
        ContainerId id = new ContainerId(UUID.randomUUID());
        node.create(id, new ContainerSpec(new ContainerName(name), tenant, busybox(), limits, network));
        return id;
    }

    ContainerId start(String name) {
        ContainerId id = create(name);
        node.start(id);
        return id;
    }

    /** What a command did. */
    record Result(String out, String err, Reply.Exited exit) {}

    Result run(ContainerId id, String command) {
        return run(id, "root", command);
    }

    Result run(ContainerId id, String user, String command) {
        try (Attachment attachment = attach(id, user, command, null)) {
            List<Fd> fds = attachment.fds();
            fds.get(1).close();
            CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> FileCalls.readAll(fds.get(3)));
            String out = new String(FileCalls.readAll(fds.get(2)), UTF_8);
            return new Result(out, new String(err.join(), UTF_8), exit(attachment));
        }
    }

    Attachment attach(ContainerId id, String user, @Nullable String command, @Nullable PtyRequest pty) {
        return node.attach(id, new AttachRequest(new GuestUser(user), command, pty, Map.of()));
    }

    static Reply.Exited exit(Attachment attachment) {
        return attachment.exit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    ContainerStatus status(ContainerId id) {
        return node.inspect(id);
    }

    void remove(ContainerId id) {
        if (status(id).quarantine() != null) {
            node.release(id);
        }
        node.delete(id);
    }

    @Override
    public void close() {
        node.list().forEach(container -> remove(container.id()));
        node.shutdown(Duration.ofSeconds(5));
    }
}
