// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Cgroups below payload that processes enter a container through: attach, attach-1, …. The payload is the container's own, so
 * container root may remove a leaf, freeze it, make it threaded, enable controllers in it or kill in it; another leaf is made then.
 */
final class AttachLeaf {
    private static final String NAME = "attach";
    private static final String FREEZE = "cgroup.freeze";
    private static final String THAWED = "0";
    private static final int MAX_LEAVES = 64;

    private final Layout layout;
    private final int uidBase;

    AttachLeaf(Layout layout, int uidBase) {
        this.layout = layout;
        this.uidBase = uidBase;
    }

    /** The first leaf that looks usable, made when there is none. */
    Fd open() {
        try (CgroupDirectory payload = CgroupDirectory.open(layout.payload())) {
            for (int i = 0; i < MAX_LEAVES; i++) {
                Optional<Fd> leaf = open(payload, name(i));
                if (leaf.isEmpty() && payload.removeIfEmpty(name(i))) {
                    leaf = open(payload, name(i));
                }
                if (leaf.isPresent()) {
                    return leaf.get();
                }
            }
        }
        throw none();
    }

    private Optional<Fd> open(CgroupDirectory payload, String name) {
        make(name);
        try {
            CgroupDirectory leaf = payload.child(name);
            if (usable(leaf)) {
                return Optional.of(leaf.fd());
            }
            leaf.close();
            return Optional.empty();
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) { // removed meanwhile
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The first leaf that could be made new. Old ones without processes are removed on the way. */
    Fd openFresh() {
        try (CgroupDirectory payload = CgroupDirectory.open(layout.payload())) {
            for (int i = 0; i < MAX_LEAVES; i++) {
                if (payload.removeIfEmpty(name(i))) {
                    make(name(i));
                    return payload.child(name(i)).fd();
                }
            }
        }
        throw none();
    }

    private static String name(int index) {
        return index == 0 ? NAME : NAME + "-" + index;
    }

    private void make(String name) {
        Path path = layout.payload().resolve(name);
        if (mkdir(path)) {
            layout.delegate(path, uidBase).forEach(CgroupStep::execute);
        }
    }

    private static boolean mkdir(Path path) {
        try {
            FileCalls.mkdirat(Fd.AT_FDCWD, path.toString(), 0755);
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Also of one that is gone, where nothing can be cloned into. */
    static boolean isFrozen(Fd leaf) {
        try {
            return !new CgroupDirectory(leaf).read(FREEZE).equals(THAWED);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                return true;
            }
            throw e;
        }
    }

    private static boolean usable(CgroupDirectory leaf) {
        return leaf.read("cgroup.type").equals("domain")
                && leaf.read(FREEZE).equals(THAWED)
                && leaf.read("cgroup.subtree_control").isEmpty();
    }

    private static CgroupException none() {
        return new CgroupException(
                "the container's cgroup has no place for another process; its root has taken the names " + NAME + ", "
                        + name(1) + " to " + name(MAX_LEAVES - 1) + ": remove those cgroups, or restart the container");
    }
}
