// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.capability.CapabilitySet;
import io.berth.core.cgroup.Control;
import io.berth.core.linux.Fd;
import io.berth.core.lsm.LabelRule;
import io.berth.core.network.PortFacts;
import io.berth.core.passport.Expectation;
import io.berth.core.passport.Line;
import io.berth.core.passport.Policy;
import io.berth.core.passport.ProcessEndedException;
import io.berth.core.passport.Reader;
import io.berth.core.process.Monitor;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.PassportLine.Verdict;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.VolumeMount;
import io.berth.core.storage.VolumeRoots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** One look at a running container: each kernel feature's word, beside what the platform's rules make of its spec. */
final class Examination {
    private static final CapabilitySet ALL = new CapabilitySet(-1);
    private static final long QUOTA_UNIT = 1024; // QIF_DQBLKSIZE: what project quotas count in

    private final ContainerRecord record;
    private final ContainerRecord.Run run;
    private final Life life;
    private final Machine machine;
    private final List<Line> lines = new ArrayList<>();

    private Examination(ContainerRecord record, Life life, Machine machine) {
        this.record = record;
        this.run = life.run;
        this.life = life;
        this.machine = machine;
    }

    /** @throws ContainerException CONFLICT when it ends meanwhile */
    static ContainerPassport of(ContainerRecord record, Life life, Machine machine) {
        try {
            return new Examination(record, life, machine).look();
        } catch (ProcessEndedException e) {
            throw new ContainerException(Refusal.CONFLICT, "the container has just ended; start it and try again", e);
        }
    }

    private ContainerPassport look() {
        try (Fd init = life.dup(life.init);
                Fd monitor = life.dup(life.monitor)) {
            lines.addAll(
                    Policy.judge(Reader.read(run.initPid(), init, run.monitor().pid(), monitor), expectation()));
            life.cgroup.controls(record.spec().limits()).forEach(this::limit);
            disk();
            devices(init);
            network(init);
        }
        return new ContainerPassport(
                record.id(),
                record.spec().name(),
                record.spec().tenant(),
                machine.clock().instant(),
                run.initPid(),
                lines.stream().map(Examination::told).toList());
    }

    private Expectation expectation() {
        LabelRule label = machine.labelRule(record);
        return new Expectation(
                record.id(),
                record.uidBase(),
                Confinement.capabilities(machine.security()),
                Examination::capabilities,
                Confinement.filters(),
                label.words(),
                label.holds(),
                life.cgroup.membership(),
                volumes(),
                machine.settings().monitorUid(),
                Monitor.HELD);
    }

    private List<Expectation.Volume> volumes() {
        List<VolumeMount> mounts = record.spec().volumes();
        if (mounts.isEmpty()) {
            return List.of();
        }
        VolumeRoots roots = machine.volumes().store().roots();
        return mounts.stream()
                .map(mount -> new Expectation.Volume(roots.device(), roots.prefix() + mount.volume(), mount.readOnly()))
                .toList();
    }

    private void limit(Control control) {
        lines.add(new Line(
                "cgroup." + control.file(),
                control.found(),
                control.expected(),
                control.holds(),
                "what one container takes, no other lacks"));
    }

    /** Where the pool's filesystem holds no limits, that is said and is no drift: no container can be brought to what policy wants there. */
    private void disk() {
        String wanted = Long.toString(record.ownDiskBytes());
        boolean can = machine.storage().usage(record.id()).limited();
        OptionalLong held = machine.storage().heldTo(record.id());
        String found = held.isPresent() ? Long.toString(held.getAsLong()) : "none";
        boolean holds = held.isPresent() && Math.abs(held.getAsLong() - record.ownDiskBytes()) < QUOTA_UNIT;
        lines.add(new Line(
                "disk.limit",
                can ? found : "none: the pool's filesystem holds no limits",
                can ? wanted : wanted + " where it does",
                !can || holds,
                "bytes for its files, their metadata and its snapshots: who fills the pool stops everybody's writes"));
    }

    private void devices(Fd init) {
        List<String> foreign = DeviceChange.foreign(run, init, record.spec().devices());
        lines.add(new Line(
                "devices",
                foreign.isEmpty() ? "none but those" : String.join(", ", foreign),
                "the harmless ones of every container, and: "
                        + record.spec().devices().describe(),
                foreign.isEmpty(),
                "a node in its /dev is a way to a driver of the host's"));
    }

    private void network(Fd init) {
        if (record.spec().network() == NetworkMode.NONE) {
            boolean isConnected = machine.network().endpoint(record.id()).isPresent();
            lines.add(Line.of(
                    "network.port",
                    isConnected ? "it has a place in the node's network" : "none",
                    "none",
                    "it was asked for without a network"));
            return;
        }
        try (Fd namespace = Reader.namespace(run.initPid(), init, "net")) {
            machine.network().port(record.id(), namespace).ifPresentOrElse(this::port, this::noPort);
        }
    }

    private void noPort() {
        lines.add(new Line(
                "network.port", "none", "a port of the node's bridge", false, "it was asked for with a network"));
    }

    private void port(PortFacts facts) {
        Optional<PortFacts.Link> found = facts.link();
        if (found.isEmpty()) {
            noPort();
            return;
        }
        PortFacts.Link link = found.get();
        flag("network.bridge", link.isOnBridge(), true, "the bridge's rules apply to its ports alone");
        flag("network.peer", link.isPeerInside(), true, "the port's other end is in the container's network namespace");
        flag("network.isolated", link.isIsolated(), true, "no frame passes from one container's port to another's");
        flag("network.locked", link.isLocked(), true, "only frames from the container's own address are let in");
        flag("network.learning", link.learns(), false, "no container makes the bridge believe in another's address");
        flag("network.flooding", link.isFlooded(), false, "frames for others don't reach it");
        boolean isCut = record.quarantine() != null;
        flag(
                "network.up",
                link.isUp(),
                !isCut,
                isCut ? "it is in quarantine, cut off from the network" : "it was asked for with a network");
        lines.add(Line.of(
                "network.pins",
                String.join(", ", facts.pins()),
                String.join(", ", facts.expectedPins()),
                "it sends from its own MAC and IP addresses alone: what nftables has for its port"));
    }

    private void flag(String item, boolean found, boolean expected, String reason) {
        lines.add(Line.of(item, yes(found), yes(expected), reason));
    }

    private static String yes(boolean is) {
        return is ? "yes" : "no";
    }

    /** The shorter of the set and of what it lacks. */
    private static String capabilities(long bits) {
        CapabilitySet has = new CapabilitySet(bits);
        CapabilitySet lacks = ALL.without(has);
        if (has.named().isEmpty()) {
            return "none";
        }
        if (lacks.named().isEmpty()) {
            return "all";
        }
        return has.named().size() <= lacks.named().size() ? words(has) : "all but " + words(lacks);
    }

    private static String words(CapabilitySet set) {
        return set.named().stream()
                .map(capability -> capability.name().substring("CAP_".length()))
                .collect(Collectors.joining(" "));
    }

    private static PassportLine told(Line line) {
        return new PassportLine(
                line.item(), line.found(), line.expected(), line.holds() ? Verdict.OK : Verdict.DRIFT, line.reason());
    }
}
