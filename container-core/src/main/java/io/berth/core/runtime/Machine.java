// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.Cgroups;
import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.idmap.IdPool;
import io.berth.core.image.ImageStore;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.lsm.Label;
import io.berth.core.lsm.LabelRule;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.lxcfs.Lxcfs;
import io.berth.core.network.NodeNetwork;
import io.berth.core.notify.Supervision;
import io.berth.core.notify.Supervisor;
import io.berth.core.plan.Spawner;
import io.berth.core.process.Monitor;
import io.berth.core.process.Reaper;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.seccomp.Patch;
import io.berth.core.spec.ContainerId;
import io.berth.core.storage.StorageDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one host that containers are made of. */
final class Machine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    private final RuntimeSettings settings;
    private final Cgroups cgroups;
    private final StorageDriver storage;
    private final ImageStore images;
    private final NodeNetwork network;
    private final Volumes volumes;
    private final SpecGate gate;
    private final PortClaims ports = new PortClaims();
    private final SecurityModule security;
    private final Lxcfs lxcfs;
    private final Path lives;
    private final Path staging;
    private final @Nullable SpareResident spare;
    private final Spawner spawner;
    private final Reaper reaper = new Reaper();
    private final EnterPlan enterByPipes = new EnterPlan(false);
    private final EnterPlan enterByTerminal = new EnterPlan(true);
    private final Grants grants;
    private final Patches patches;
    private final Supervisor supervisor;
    private final Optional<LentProgram> sftpServer = LentProgram.load(SftpServer.PATHS);
    private volatile Rules rules;
    private final Fd nothing = FileCalls.openat("/dev/null", OpenFlag.O_RDWR);
    // platform threads: what runs here blocks in the kernel
    private final ExecutorService background = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("background-", 0).factory());

    Machine(
            RuntimeSettings settings,
            Spawner spawner,
            Cgroups cgroups,
            StorageDriver storage,
            ImageStore images,
            NodeNetwork network,
            SecurityModule security,
            Lxcfs lxcfs)
            throws IOException {
        this.settings = settings;
        this.spawner = spawner;
        this.cgroups = cgroups;
        this.storage = storage;
        this.images = images;
        this.network = network;
        this.volumes = new Volumes(storage.volumes(), settings.stateDir().resolve("agent/volumes"));
        this.gate = new SpecGate(settings, images, volumes);
        this.security = security;
        this.lxcfs = lxcfs;
        this.lives = Files.createDirectories(settings.stateDir().resolve("agent/lives"));
        this.grants = new Grants(settings.stateDir().resolve("agent/grants.json"), clock());
        this.patches = new Patches(settings.stateDir().resolve("agent/patches.json"), clock());
        this.supervisor = new Supervisor(settings.runDir().resolve("notify"), clock(), System::nanoTime);
        this.rules = Rules.of(Confinement.policy(patches.calls()), security);
        this.staging = Files.createDirectories(settings.runDir().resolve("staging"));
        this.spare = cgroups.isHybrid() ? new SpareResident(spawner, cgroups) : null;
    }

    /** The host's, for containers that have none; as it was when the agent started. */
    Optional<LentProgram> sftpServer() {
        return sftpServer;
    }

    RuntimeSettings settings() {
        return settings;
    }

    Cgroups cgroups() {
        return cgroups;
    }

    StorageDriver storage() {
        return storage;
    }

    Volumes volumes() {
        return volumes;
    }

    ImageStore images() {
        return images;
    }

    NodeNetwork network() {
        return network;
    }

    SpecGate gate() {
        return gate;
    }

    /** Who has which of the node's ports. */
    PortClaims ports() {
        return ports;
    }

    SecurityModule security() {
        return security;
    }

    Lxcfs lxcfs() {
        return lxcfs;
    }

    /** The label of a container's processes. */
    Label label(ContainerRecord record) {
        return security.label(record.id(), range(record));
    }

    /** What the kernel says of a process that has it. */
    LabelRule labelRule(ContainerRecord record) {
        return security.rule(record.id(), range(record));
    }

    /** What its root file system's files are labelled, where that is one of its own; null without SELinux. */
    @Nullable
    String rootContext(ContainerRecord record) {
        return security.rootContext(range(record)).orElse(null);
    }

    private int range(ContainerRecord record) {
        return (int) ((record.uidBase() - settings.uidBase()) / IdPool.RANGE);
    }

    Spawner spawner() {
        return spawner;
    }

    Reaper reaper() {
        return reaper;
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    Grants grants() {
        return grants;
    }

    Patches patches() {
        return patches;
    }

    /** What containers and doors that begin now are held to. */
    Rules rules() {
        return rules;
    }

    synchronized PatchStatus addPatch(Patch patch) {
        PatchStatus added = patches.add(patch);
        rules = Rules.of(Confinement.policy(patches.calls()), security);
        return added;
    }

    synchronized void removePatch(String call) {
        patches.remove(call);
        rules = Rules.of(Confinement.policy(patches.calls()), security);
    }

    /** Answers the calls of a container from now on; null for one that has just ended. */
    @Nullable
    Supervision supervise(Supplier<ContainerRecord> record, Life life) {
        try {
            List<Fd> listeners =
                    Monitor.listeners(life.monitor, life.run.monitor().pid());
            return supervisor.supervise(Supervised.of(record, life, this), life.policy(), listeners);
        } catch (SyscallException e) {
            LOG.debug(
                    "event=ended-at-once container={} error=\"{}\"",
                    record.get().id(),
                    e.getMessage());
            return null;
        }
    }

    /** Every container that outlived the last agent is supervised by now. */
    void allPickedUp() {
        supervisor.forgetLeftovers();
    }

    EnterPlan enterPlan(boolean terminal) {
        return terminal ? enterByTerminal : enterByPipes;
    }

    /** A resident that has joined the spare cgroup, where there is one; it is the caller's from here on. */
    Optional<Resident> takeSpare() {
        return spare == null ? Optional.empty() : spare.take();
    }

    /** Makes an entrance while the caller goes on. */
    CompletableFuture<Entrance> entranceSoon(ContainerCgroup cgroup) {
        return soon(() -> entrance(cgroup));
    }

    /** /dev/null for stdin, stdout and stderr. */
    List<Fd> nothing() {
        return List.of(nothing, nothing, nothing);
    }

    /** An empty directory that a rootfs is mounted on in a mount namespace that nobody else sees. */
    Path stagingDirectory() {
        return staging;
    }

    /** Where a monitor writes how PID 1 ended. */
    Path statusFile(ContainerId id) {
        return lives.resolve(id + ".status");
    }

    /** The console's ring. */
    Path consoleFile(ContainerId id) {
        return lives.resolve(id + ".console");
    }

    /** Where v1 hierarchies must be joined, a process that sits in them; else the JVM itself. */
    Entrance entrance(ContainerCgroup cgroup) {
        return cgroups.isHybrid() ? Resident.start(spawner, cgroup::joinV1) : new Entrance.Direct(spawner);
    }

    /** A door into a container that runs. */
    Door door(ContainerRecord record, ContainerCgroup cgroup, Fd init) {
        try (Entrance entrance = entrance(cgroup)) {
            return door(rules, record, entrance, init);
        }
    }

    /** The same, by an entrance that is there already. */
    Door door(Rules heldTo, ContainerRecord record, Entrance entrance, Fd init) {
        return Door.open(heldTo, label(record), entrance, init, nothing());
    }

    /** Makes something while the caller goes on. */
    <T> CompletableFuture<T> soon(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, background);
    }

    /** Runs something while the caller goes on. */
    CompletableFuture<Void> soon(Runnable task) {
        return CompletableFuture.runAsync(task, background);
    }

    /** Runs something that nobody waits for. */
    void later(Runnable task) {
        background.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("event=background-task-failed, ignoring", e);
            }
        });
    }

    /** The same, some time from now; not at all when the node ends before. */
    void after(Duration pause, Runnable task) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, this::later)
                .execute(task);
    }

    /** For the node's end: what it keeps ready goes, from the host as well. */
    void releaseSpare() {
        if (spare != null) {
            spare.close();
            cgroups.removeSpare();
        }
    }

    @Override
    public void close() {
        if (spare != null) {
            spare.close();
        }
        lxcfs.close();
        supervisor.close();
        reaper.close();
        background.shutdown(); // what still runs is taken up by the next node
        enterByPipes.close();
        enterByTerminal.close();
        sftpServer.ifPresent(LentProgram::close);
        spawner.close();
        nothing.close();
    }
}
