// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.CloseRangeFlag;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The steps by which one of our Java programs becomes a worker: locked into {@link WorkerRoot}, root of a user namespace and nobody on the host,
 * in pid, mount, IPC, UTS and network namespaces of its own, with what it takes to own files and nothing else, and killed when its time is over.
 *
 * @param archives what it may read
 * @param trees what it may write to, by name
 */
record WorkerPlan(Plan plan, List<Slot> archives, Slot userNamespace, Map<String, Slot> trees) {
    /** Of the container's own ids, which are all that its user namespace has. */
    private static final String CAPABILITIES = "-all,+chown,+dac_override,+fowner,+fsetid,+setfcap";

    /** @param network whether it has the host's, or one without anything */
    static WorkerPlan compose(
            List<String> arguments, int archives, List<String> trees, boolean network, Duration time) {
        PlanBuilder plan = Plan.builder("berth-image-worker");
        List<Slot> files = new ArrayList<>();
        for (int i = 0; i < archives; i++) {
            files.add(plan.slot("archive " + i));
        }
        Slot userns = plan.slot("user namespace");
        Map<String, Slot> mounts = new TreeMap<>();
        trees.forEach(tree -> mounts.put(tree, plan.slot(tree)));
        plan.call("chdir", Sys.CHDIR, "/")
                .call("umask", Sys.UMASK, 022)
                .call("leave the mount namespace", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWNS));
        WorkerRoot.emit(plan, mounts);
        plan.call("enter the user namespace", Sys.SETNS, userns, CloneFlag.CLONE_NEWUSER)
                .call("drop groups", Sys.SETGROUPS, 0, 0)
                .call("become gid 0", Sys.SETRESGID, 0, 0, 0)
                .call("become uid 0", Sys.SETRESUID, 0, 0, 0)
                .call("lock the mounts, and leave the other namespaces", Sys.UNSHARE, namespaces(network))
                .call("keep the plan", Sys.CLOSE_RANGE, 3, 4, CloseRangeFlag.CLOSE_RANGE_CLOEXEC)
                .call(
                        "keep all but the archives",
                        Sys.CLOSE_RANGE,
                        userns.number(),
                        0xffff_ffffL,
                        CloseRangeFlag.CLOSE_RANGE_CLOEXEC);
        List<String> command = command(arguments, files, time);
        plan.exec(command.getFirst(), command, List.of("PATH=/usr/sbin:/usr/bin", "LC_ALL=C.UTF-8"));
        return new WorkerPlan(plan.build(), files, userns, mounts);
    }

    private static Flags namespaces(boolean network) {
        Flags flags = Flags.of(CloneFlag.CLONE_NEWNS, CloneFlag.CLONE_NEWIPC, CloneFlag.CLONE_NEWUTS);
        return network ? flags : flags.with(CloneFlag.CLONE_NEWNET);
    }

    private static List<String> command(List<String> arguments, List<Slot> files, Duration time) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "--",
                "/usr/bin/setpriv",
                "--no-new-privs",
                "--inh-caps",
                "-all",
                "--bounding-set",
                CAPABILITIES,
                "--",
                "/usr/bin/timeout",
                "--signal=KILL",
                Double.toString(time.toMillis() / 1000.0),
                System.getProperty("java.home") + "/bin/java",
                "-Xmx512m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:-UseContainerSupport",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=/" + WorkerRoot.RAM,
                "-cp",
                ClassPath.text()));
        command.addAll(arguments);
        files.forEach(file -> command.add(Integer.toString(file.number())));
        return command;
    }
}
