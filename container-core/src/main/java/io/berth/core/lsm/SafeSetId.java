// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * SafeSetID: which id a process may change to, by the id that it has. See Documentation/admin-guide/LSM/SafeSetID.rst.
 *
 * <p>A rule binds every process on the host that has the id. So none is written for root, although the agent is root: it would bind
 * sshd and cron as well, and forbid id maps altogether. Nor for containers' ids: a rule takes one id to one id, and the 65,536 of a container
 * change among each other. What can be said is that an account of ours which never changes its id never may.
 */
public final class SafeSetId {
    private static final List<String> POLICIES =
            List.of("safesetid/uid_allowlist_policy", "safesetid/gid_allowlist_policy");

    private SafeSetId() {}

    /** Whether the kernel runs it. */
    public static boolean isThere() {
        try (Fd security = securityfs();
                Fd policy = FileCalls.openat(security, POLICIES.getFirst())) {
            return policy.isOpen();
        } catch (SyscallException _) {
            return false;
        }
    }

    /** Lets processes with this uid or gid change to no other, ever; rules of others stay. Does nothing where the kernel has none of it. */
    public static void pin(int id) {
        if (!isThere()) {
            return;
        }
        try (Fd security = securityfs()) {
            for (String policy : POLICIES) {
                FileCalls.writeFile(
                        security, policy, pinned(read(security, policy), id)); // the whole policy in one write
            }
        }
    }

    /** The policy with the id's own rules instead of any that it had. */
    static String pinned(String policy, int id) {
        String own = Integer.toUnsignedString(id);
        Set<String> lines = new LinkedHashSet<>(policy.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(own + ":"))
                .toList());
        lines.add(own + ":" + own);
        return String.join("\n", lines) + "\n";
    }

    private static String read(Fd security, String policy) {
        try (Fd file = FileCalls.openat(security, policy)) {
            return new String(FileCalls.readAll(file), StandardCharsets.US_ASCII);
        }
    }

    private static Fd securityfs() {
        try (var context = FilesystemContext.fsopen("securityfs")) {
            return context.fsmount();
        }
    }
}
