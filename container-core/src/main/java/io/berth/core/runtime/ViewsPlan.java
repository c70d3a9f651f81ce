// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import io.berth.core.lxcfs.Lxcfs;
import io.berth.core.lxcfs.MountedViews;
import io.berth.core.lxcfs.View;
import io.berth.core.lxcfs.Views;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a container that runs the files of the lxcfs that runs now, where it has another's or none. */
final class ViewsPlan {
    private static final Logger LOG = LoggerFactory.getLogger(ViewsPlan.class);

    private ViewsPlan() {}

    /** Whatever the container's root did to its /proc keeps nobody but it from seeing them. */
    static void refresh(Machine machine, ContainerRecord record, Life life) {
        Lxcfs lxcfs = machine.lxcfs();
        try (Fd init = life.dup(life.init);
                Views views = lxcfs.views()) {
            MountedViews mounted = lxcfs.mounted(Mountinfo.of(life.run.initPid(), init));
            if (!mounted.missing().isEmpty()) {
                attach(machine, init, views, mounted);
                LOG.info("event=views-attached container={} views={}", record.id(), mounted.missing());
            }
        } catch (SyscallException | PlanException | UncheckedIOException | ContainerException e) {
            LOG.warn("event=views-not-attached container={} error=\"{}\", ignoring", record.id(), e.getMessage());
        }
    }

    private static void attach(Machine machine, Fd init, Views views, MountedViews mounted) {
        Insertion insertion = new Insertion("berth-views");
        Map<View, Slot> slots = Views.slots(insertion.steps(), Set.copyOf(mounted.missing()));
        Views.replace(insertion.enter(), slots, mounted.stale());
        Map<Slot, Fd> fds = new HashMap<>(views.in(slots));
        insertion.run(machine.spawner(), init, fds);
    }
}
