// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;

/** What an image's /sbin/init is, which decides how it is asked to power off. */
public enum InitSystem {
    /** SIGRTMIN+3 starts halt.target; see systemd(1). */
    SYSTEMD(Signal.SIGRTMIN + 3),
    /** SIGUSR2 is poweroff, SIGUSR1 halt, SIGTERM reboot: init/init.c of BusyBox. */
    BUSYBOX(Signal.SIGUSR2.number()),
    /** SIGPWR runs the powerwait entry of inittab(5). */
    SYSVINIT(Signal.SIGPWR.number()),
    /** SIGPWR and SIGTERM shut down, SIGINT reboots: src/openrc-init/openrc-init.c of OpenRC. */
    OPENRC(Signal.SIGPWR.number()),
    /** SIGPWR is what container managers send to an init that they don't know. */
    UNKNOWN(Signal.SIGPWR.number());

    private final int haltSignal;

    InitSystem(int haltSignal) {
        this.haltSignal = haltSignal;
    }

    public int haltSignal() {
        return haltSignal;
    }

    /** Looks at where /sbin/init of a tree leads, within the tree. */
    static InitSystem in(Fd tree) {
        Flags pathOnly = Flags.of(OpenFlag.O_PATH);
        try (Fd init = FileCalls.openat2(
                tree, "/sbin/init", 0, pathOnly, ResolveFlag.RESOLVE_IN_ROOT, ResolveFlag.RESOLVE_NO_MAGICLINKS)) {
            return ofProgram(FileCalls.readlinkat(Fd.AT_FDCWD, "/proc/self/fd/" + init.number()));
        } catch (SyscallException e) {
            return UNKNOWN;
        }
    }

    /** @param path of the program itself, all links resolved */
    static InitSystem ofProgram(String path) {
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "systemd" -> SYSTEMD;
            case "busybox" -> BUSYBOX;
            case "openrc-init" -> OPENRC;
            case "init" -> SYSVINIT;
            default -> UNKNOWN;
        };
    }
}
