// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import static io.berth.core.linux.MountFlag.MS_PRIVATE;
import static io.berth.core.linux.MountFlag.MS_REC;
import static io.berth.core.linux.MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH;

import io.berth.core.idmap.UserNamespace;
import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Root of a container as far as storage is concerned: in a user namespace of its own, with a rootfs at /mnt and the host's tools. */
final class Guest implements AutoCloseable {
    private final long uidBase;
    private final Spawner spawner = Spawner.load();
    private final Fd userNamespace;

    /** What a script did. */
    record Result(ExitStatus status, String output) {}

    Guest(long uidBase) {
        this.uidBase = uidBase;
        this.userNamespace = UserNamespace.create(spawner, uidBase);
    }

    long uidBase() {
        return uidBase;
    }

    Fd userNamespace() {
        return userNamespace;
    }

    /** Runs a shell script, working directory /mnt. */
    Result run(Fd rootfs, String script) throws IOException {
        PlanBuilder builder = Plan.builder("guest");
        Slot userns = builder.slot("userns");
        Slot root = builder.slot("rootfs");
        Plan plan = builder.call("chdir", Sys.CHDIR, "/")
                .call("setns", Sys.SETNS, userns, CloneFlag.CLONE_NEWUSER)
                .call("setgroups", Sys.SETGROUPS, 0, 0)
                .call("setresgid", Sys.SETRESGID, 0, 0, 0)
                .call("setresuid", Sys.SETRESUID, 0, 0, 0)
                .call("unshare", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWNS))
                .call("make / rprivate", Sys.MOUNT, 0, "/", 0, Flags.of(MS_REC, MS_PRIVATE), 0)
                .call("attach", Sys.MOVE_MOUNT, root, "", -100, "/mnt", MOVE_MOUNT_F_EMPTY_PATH)
                .call("chdir", Sys.CHDIR, "/mnt")
                .exec("/bin/sh", List.of("sh", "-ec", script), List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"))
                .build();
        try (Pipe output = FileCalls.pipe2();
                Fd nothing = FileCalls.openat("/dev/null", OpenFlag.O_RDONLY);
                Spawner.Running process = spawner.start(
                        plan,
                        Map.of(userns, userNamespace, root, rootfs),
                        List.of(nothing, output.writeEnd(), output.writeEnd()))) {
            output.writeEnd().close();
            process.report().next().ifPresent(message -> {
                throw new IllegalStateException("unexpected " + message);
            });
            try (InputStream in = new FdInputStream(output.readEnd())) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new Result(process.child().waitFor(), text.strip());
            }
        }
    }

    @Override
    public void close() {
        userNamespace.close();
        spawner.close();
    }
}
