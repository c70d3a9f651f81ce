// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.mount.Volume;
import io.berth.core.mount.VolumeMounts;
import io.berth.core.passport.Reader;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.PlanException;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.VolumeMount;
import io.berth.core.storage.VolumeRoots;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the volumes that a running container sees to what it is to have; done again, it changes nothing. */
final class VolumeChange {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeChange.class);
    private static final int MOST_MOUNTS = 1000; // binds of a volume that its root has made; each is a step of a plan

    private final Machine machine;
    private final int pid;
    private final Fd init;

    /**
     * @param pid of the container's init
     * @param init its pidfd, which stays the caller's
     */
    VolumeChange(Machine machine, int pid, Fd init) {
        this.machine = machine;
        this.pid = pid;
        this.init = init;
    }

    /** Of a running container. */
    static void make(Machine machine, Life life, List<VolumeMount> before, List<VolumeMount> wanted) {
        try (Fd init = life.dup(life.init)) {
            new VolumeChange(machine, life.run.initPid(), init).make(before, wanted);
        }
    }

    /** For the next agent, as the one before may have died between a record and its mounts. */
    static void settle(Machine machine, ContainerRecord record, Life life) {
        try {
            make(machine, life, record.spec().volumes(), record.spec().volumes());
        } catch (RuntimeException e) {
            LOG.warn("event=volumes-not-settled container={} error=\"{}\", ignoring", record.id(), e.getMessage());
        }
    }

    private void make(List<VolumeMount> before, List<VolumeMount> wanted) {
        detach(mount -> wanted.stream().noneMatch(it -> before.contains(it) && covers(it, mount)));
        List<VolumeMounts.Mount> left = mounted();
        wanted.stream()
                .filter(it -> left.stream().noneMatch(mount -> is(it, mount)))
                .forEach(this::attach);
    }

    /** A bind mount of its root's is as good as where we attached it, unless it could write where it is to read. */
    private static boolean covers(VolumeMount wanted, VolumeMounts.Mount mount) {
        return mount.volume().equals(wanted.volume().toString()) && (mount.isReadOnly() || !wanted.readOnly());
    }

    private static boolean is(VolumeMount wanted, VolumeMounts.Mount mount) {
        return covers(wanted, mount)
                && mount.below().isEmpty()
                && mount.point().equals(wanted.path().value());
    }

    /** Where it is visible, by the names that its root has given the places. */
    private void detach(Predicate<VolumeMounts.Mount> which) {
        List<VolumeMounts.Mount> going = mounted().stream().filter(which).toList();
        if (going.isEmpty()) {
            return;
        }
        require(going.size() <= MOST_MOUNTS, going.getFirst(), "has been mounted too often in the container");
        Insertion removal = new Insertion("berth-volume");
        PlanBuilder steps = removal.enter();
        going.reversed().forEach(mount -> Volume.detach(steps, mount.point()));
        removal.run(machine.spawner(), init, Map.of());
        List<VolumeMounts.Mount> left = mounted().stream().filter(which).toList();
        if (!left.isEmpty()) {
            require(
                    false,
                    left.getFirst(),
                    "is beneath another mount at '" + left.getFirst().point() + "'");
        }
    }

    private static void require(boolean holds, VolumeMounts.Mount mount, String otherwise) {
        if (!holds) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "volume " + mount.volume() + " " + otherwise + "; unmount it there, or stop the container");
        }
    }

    private List<VolumeMounts.Mount> mounted() {
        VolumeRoots roots = machine.volumes().store().roots();
        return VolumeMounts.of(Mountinfo.of(pid, init), roots.device(), roots.prefix())
                .all();
    }

    /** The steps for one volume. */
    private static final class Steps {
        private final Insertion insertion = new Insertion("berth-volume");
        private final Slot volume = insertion.steps().slot("volume");
        private final Volume.Into into = Volume.Into.slots(insertion.steps());

        Steps(Machine machine, MountPath path) {
            String staging = machine.stagingDirectory().toString();
            Volume.attach(insertion.steps(), insertion.enterWith(volume, staging, into), path);
        }
    }

    /** To an init that sees none yet, before it executes anything, or to one that runs. */
    void attach(VolumeMount wanted) {
        Steps steps = new Steps(machine, wanted.path());
        try (Fd user = Reader.namespace(pid, init, "user");
                Fd mount = Reader.namespace(pid, init, "mnt");
                Fd volume = machine.volumes().store().mount(wanted.volume(), user, wanted.readOnly())) {
            steps.insertion.run(
                    machine.spawner(),
                    init,
                    Map.of(steps.volume, volume, steps.into.user(), user, steps.into.mount(), mount));
        } catch (PlanException e) {
            throw e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR ? inTheWay(wanted, e) : e;
        }
        LOG.info(
                "event=volume-attached volume={} path={} readOnly={} init={}",
                wanted.volume(),
                wanted.path(),
                wanted.readOnly(),
                pid);
    }

    private static ContainerException inTheWay(VolumeMount wanted, PlanException e) {
        return new ContainerException(
                Refusal.CONFLICT,
                "'" + wanted.path() + "' can't be a volume's place in the container: a link or a file is on its way ("
                        + e.getMessage() + "); remove that there, or choose another path",
                e);
    }

    /** The steps, as text. */
    static String describe(Machine machine, VolumeMount wanted) {
        return new Steps(machine, wanted.path())
                .insertion
                .steps()
                .end(0)
                .build()
                .describe();
    }
}
