// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.Cgroups;
import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.idmap.HostIds;
import io.berth.core.idmap.IdPool;
import io.berth.core.idmap.UidLedger;
import io.berth.core.image.ImageStore;
import io.berth.core.linux.Fd;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.lsm.NoModule;
import io.berth.core.lsm.SafeSetId;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.lsm.SelinuxType;
import io.berth.core.lxcfs.Lxcfs;
import io.berth.core.network.NetworkSettings;
import io.berth.core.network.NodeNetwork;
import io.berth.core.plan.Spawner;
import io.berth.core.process.Monitor;
import io.berth.core.process.OomScore;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkRules;
import io.berth.core.storage.StorageDriver;
import io.berth.core.storage.StorageKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's start: the host made ready, and every container brought from where a crash may have left it to a state with a name. */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final RuntimeSettings settings;
    private final AtomicReference<Runnable> onLxcfs = new AtomicReference<>(() -> {}); // there are containers later

    private Opening(RuntimeSettings settings) {
        this.settings = settings;
    }

    static Containers open(RuntimeSettings settings) {
        try {
            return new Opening(settings).open();
        } catch (IOException e) {
            throw new UncheckedIOException("opening " + settings.stateDir(), e);
        }
    }

    private Containers open() throws IOException {
        Path agentDir = settings.stateDir().resolve("agent");
        ContainerRecords records = new ContainerRecords(agentDir.resolve("containers"));
        IdPool pool = new IdPool(settings.uidBase(), settings.uidRanges());
        HostIds hostIds = new HostIds(pool);
        UidLedger ledger =
                new UidLedger(pool, settings.uidQuarantine(), hostIds::all, agentDir.resolve("ids"), Clock.systemUTC());
        List<ContainerRecord> found = records.load();
        Machine machine = machine(ledger, found);
        Containers containers = new Containers(machine, records, new Ids(settings.instance(), hostIds, ledger));
        onLxcfs.set(containers::refreshViews);
        List<Container> adopted = found.stream().map(containers::adopt).toList();
        ledger.settle();
        adopted.forEach(container -> pickUp(machine, container));
        machine.allPickedUp();
        clear(machine, containers, adopted);
        machine.volumes().settle();
        adopted.forEach(container -> each(container.id(), container::settleAgain));
        adopted.stream()
                .filter(container -> container.record().phase().isComplete())
                .forEach(container -> each(container.id(), container::settleDisk));
        containers.ids().warn();
        adopted.stream()
                .filter(container -> container.record().quarantine() != null)
                .forEach(container -> machine.later(container::resumeQuarantine));
        startAll(machine, adopted);
        containers.watchDrift();
        containers.startMeter();
        return containers;
    }

    private Machine machine(UidLedger ledger, List<ContainerRecord> found) throws IOException {
        SecurityModule security = SecurityModule.detect(
                settings.instance(),
                settings.stateDir().resolve("agent"),
                SelinuxType.valueOf(settings.lsm().selinuxType().name()));
        require(settings.lsm().required(), security);
        SafeSetId.pin(settings.monitorUid());
        LOG.info("event=security-module module=\"{}\"", security.describe());
        StorageDriver storage = StorageDriver.open(
                StorageKind.valueOf(settings.storage().name()),
                settings.stateDir().resolve("pool"),
                settings.poolBytes(),
                security.poolContext().orElse(null));
        storage.prepare();
        Spawner spawner = Spawner.load();
        ImageStore images = ImageStore.open(
                new PooledTrees(storage), spawner, () -> Borrowed.range(ledger, spawner), Clock.systemUTC());
        NodeNetwork network = new NodeNetwork(
                NetworkSettings.of(
                        settings.instance(), settings.ipv4(), settings.ipv6(), settings.runDir(), settings.stateDir()),
                settings.publishablePorts()::has);
        network.prepare(connected(found));
        Lxcfs lxcfs = Lxcfs.open(
                settings.runDir().resolve("lxcfs"),
                spawner,
                OomScore::reset,
                () -> onLxcfs.get().run());
        return new Machine(
                settings, spawner, Cgroups.detect(settings.instance()), storage, images, network, security, lxcfs);
    }

    /** What the tables are to have for those that may have outlived the last agent; one that is cut off has nothing. */
    private static Map<ContainerId, NetworkRules> connected(List<ContainerRecord> found) {
        return found.stream()
                .filter(record -> record.run() != null && record.quarantine() == null)
                .collect(Collectors.toMap(
                        ContainerRecord::id, record -> record.spec().networkRules()));
    }

    /** @throws ContainerException when containers would be less confined than was asked for */
    static void require(RuntimeSettings.Lsm.Required required, SecurityModule security) {
        if (!required.isMetBy(security)) {
            String cure = security instanceof NoModule none ? none.cure() : "boot the kernel with the other module";
            throw new ContainerException(
                    Refusal.FAILED,
                    "BERTH_REQUIRE_LSM is '" + required.name().toLowerCase(Locale.ROOT) + "', but this host has "
                            + security.describe() + "; " + cure + ", or set it to none");
        }
    }

    private static void pickUp(Machine machine, Container container) {
        ContainerRecord.Run run = container.record().run();
        if (run == null) {
            return;
        }
        Optional<Life> life = life(machine, container.record(), run);
        life.ifPresentOrElse(container::pickUp, container::foundDead);
        LOG.info("event=picked-up container={} running={}", container.id(), life.isPresent());
    }

    private static Optional<Life> life(Machine machine, ContainerRecord record, ContainerRecord.Run run) {
        return run.monitor().open().flatMap(monitor -> {
            try {
                Fd init = ProcessCalls.pidfdGetfd(monitor, Monitor.PIDFD_FD);
                Fd devpts = ProcessCalls.pidfdGetfd(monitor, Monitor.DEVPTS_FD);
                ContainerCgroup cgroup = machine.cgroups().open(record.id(), Math.toIntExact(record.uidBase()));
                return Optional.of(new Life(
                        run,
                        init,
                        monitor,
                        devpts,
                        cgroup,
                        () -> machine.door(record, cgroup, init),
                        null,
                        machine.rules().policy()));
            } catch (SyscallException e) {
                // its agent died before the monitor had been let go, so nothing was executed in the container
                LOG.warn("event=monitor-without-container container={} error={}", record.id(), e.getMessage());
                ProcessCalls.pidfdSendSignal(monitor, Signal.SIGKILL);
                monitor.close();
                return Optional.empty();
            }
        });
    }

    /** What a crash left: cgroups and links of containers that do not run, storage without a record, half-done verbs. */
    private static void clear(Machine machine, Containers containers, List<Container> adopted) {
        Set<ContainerId> running =
                adopted.stream().filter(Container::isRunning).map(Container::id).collect(Collectors.toSet());
        machine.cgroups().leftovers().stream()
                .filter(id -> !running.contains(id))
                .forEach(id -> each(id, () -> machine.cgroups().open(id, 0).remove()));
        machine.security().loaded().stream()
                .filter(id -> !running.contains(id))
                .forEach(id -> each(id, () -> machine.security().unload(id)));
        machine.network().removeLeftovers(running);
        adopted.stream()
                .filter(container -> !container.record().phase().isComplete())
                .forEach(container -> each(container.id(), () -> containers.delete(container.id())));
        machine.storage()
                .leftovers(adopted.stream().map(Container::id).collect(Collectors.toSet()))
                .forEach(id -> each(id, () -> machine.storage().delete(id)));
    }

    /** One container that can't be cleared keeps no other from running. */
    private static void each(ContainerId id, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("event=opening-step-failed container={}, ignoring until the next start", id, e);
        }
    }

    /** Starts what should run; a container that can't be started stops no other. */
    private static void startAll(Machine machine, List<Container> adopted) {
        adopted.stream()
                .filter(container -> container.record().shouldRun() && !container.isRunning())
                .forEach(container -> machine.later(container::startIfWanted));
    }
}
