// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The policy that the kernel has, through a mount of securityfs that nobody else sees: security/apparmor/apparmorfs.c. */
final class AppArmorPolicy {
    private static final String NAMESPACES = "apparmor/policy/namespaces/";

    /** Whether a label can be of two profiles, in namespaces too. */
    boolean canStack() {
        try (Fd security = securityfs();
                Fd stack = FileCalls.openat(security, "apparmor/features/domain/stack");
                Fd namespaces = FileCalls.openat(security, NAMESPACES, OpenFlag.O_PATH)) {
            return namespaces.isOpen() && text(stack).startsWith("yes");
        } catch (SyscallException _) {
            return false;
        }
    }

    /** @param compiled takes the place of a profile with the same name */
    void replace(byte[] compiled) {
        try (Fd security = securityfs();
                Fd file = FileCalls.openat(security, "apparmor/.replace", OpenFlag.O_WRONLY)) {
            FileCalls.write(file, compiled); // in one write, as the kernel wants it
        }
    }

    /** One that is not there is as good. */
    void remove(String profile) {
        try (Fd security = securityfs()) {
            FileCalls.writeFile(security, "apparmor/.remove", profile);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** One that is there is as good. */
    void makeNamespace(String name) {
        try (Fd security = securityfs()) {
            FileCalls.mkdirat(security, NAMESPACES + name, 0755);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** With all that was loaded there; one that is not there is as good. */
    void removeNamespace(String name) {
        try (Fd security = securityfs()) {
            FileCalls.unlinkat(security, NAMESPACES + name, AtFlag.AT_REMOVEDIR);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** The names of all profiles of this namespace, of which the file says {@code NAME (MODE)} a line. */
    List<String> profiles() {
        try (Fd security = securityfs();
                Fd file = FileCalls.openat(security, "apparmor/profiles")) {
            return text(file)
                    .lines()
                    .map(line -> line.replaceFirst(" \\([a-z]+\\)$", ""))
                    .toList();
        }
    }

    private static String text(Fd file) {
        return new String(FileCalls.readAll(file), StandardCharsets.UTF_8);
    }

    private static Fd securityfs() {
        try (var context = FilesystemContext.fsopen("securityfs")) {
            return context.fsmount();
        }
    }
}
