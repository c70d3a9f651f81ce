// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;

/**
 * setxattr(2), lsetxattr(2) and fsetxattr(2) of trusted.overlay.opaque = "y", by which an image's layer says that a directory replaces
 * the one below. Nothing but an overlay of the host's root obeys it, and it can't get into the host's own: what is set through an overlay
 * is stored under another name (ovl_own_xattr_set, fs/overlayfs/xattrs.c, since Linux 6.7) or refused.
 */
record SetXattr(Call call, Kind kind) {
    private static final String NAME = "trusted.overlay.opaque";
    private static final String VALUE = "y";
    private static final int NAME_MAX = 256; // XATTR_NAME_MAX and the NUL, include/uapi/linux/limits.h
    private static final int VALUE_ARGUMENT = 2;
    private static final int FLAGS_ARGUMENT = 4;

    /** How the file is named. */
    enum Kind {
        PATH,
        LINK,
        FD
    }

    Response respond() {
        CallerTask caller = call.openCaller();
        if (!isMark(caller)) {
            // The name and the value may have changed by the time the kernel reads them. What it then does is all the
            // same what it does for any user namespace: this no is the kernel's own, and not one that depends on what
            // was read here
            return new Response.LetThrough("the kernel checks every attribute by itself");
        }
        CallerTask.Status status = caller.status();
        if (!status.has(Capability.CAP_SYS_ADMIN.number()) || !call.isOfContainer(caller)) {
            return Response.EPERM;
        }
        return mark(caller, status);
    }

    private boolean isMark(CallerTask caller) {
        long[] arguments = call.notification().arguments();
        try {
            byte[] value = caller.memory(arguments[VALUE_ARGUMENT], 1);
            return value.length == 1
                    && value[0] == VALUE.charAt(0)
                    && caller.string(arguments[1], NAME_MAX).equals(NAME);
        } catch (SyscallException e) {
            return false; // a wild pointer, or a name that is too long: the kernel says so in its own way
        }
    }

    private Response mark(CallerTask caller, CallerTask.Status status) {
        if (kind == Kind.FD) {
            try (Fd file = caller.file(call.notification().argument(0));
                    Disguise disguise = Disguise.as(status)) {
                return set(file, status, disguise);
            }
        }
        TenantPath target = TenantPath.of(caller.path(call.notification().arguments()[0]));
        try (CallerTask.Origin origin = caller.origin(target.absolute(), CallerTask.AT_FDCWD);
                Disguise disguise = Disguise.as(status)) {
            OpenFlag[] how = kind == Kind.LINK ? new OpenFlag[] {OpenFlag.O_NOFOLLOW} : new OpenFlag[0];
            var overriding = new Overriding(status, disguise, call.uidBase());
            try (Fd file = overriding.lookUp(() -> target.openWhole(origin, how))) {
                return set(file, status, disguise);
            }
        }
    }

    /** As owner or with the container root's power over the container's files; the kernel asks for CAP_SYS_ADMIN of the host. */
    private Response set(Fd file, CallerTask.Status status, Disguise disguise) {
        if (!new Overriding(status, disguise, call.uidBase()).isContainers(FileCalls.fstat(file))) {
            return Response.EPERM;
        }
        disguise.use(Capability.CAP_SYS_ADMIN, Capability.CAP_DAC_OVERRIDE);
        FileCalls.setxattr(file, NAME, VALUE, call.notification().argument(FLAGS_ARGUMENT));
        return Response.DONE;
    }
}
