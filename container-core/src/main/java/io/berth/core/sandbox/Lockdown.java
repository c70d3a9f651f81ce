// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.LandlockAccess;
import io.berth.core.linux.LandlockCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The way into a {@link Sandbox}. Landlock binds a thread and what it starts, and a JVM has many threads before it runs a line of
 * ours; so the thread restricts itself and executes the same program anew, with the same arguments, environment and pid. What
 * comes out has no thread that was ever free.
 *
 * <p>FIXME(kernel 7.0): LANDLOCK_RESTRICT_SELF_TSYNC restricts all threads at once; remove the exec when baseline.
 */
public final class Lockdown {
    static final String PROPERTY = "berth.sandbox";
    private static final int NEWEST_ABI = 7; // what LandlockAccess knows; a newer kernel does what it did
    private static final int FIRST_OWN_FD = 3;

    private Lockdown() {}

    /**
     * To be called first thing in main, on a process that is nobody special already. The first time it does not return.
     *
     * @param rules asked for once, outside
     * @return what confines this process, for its log
     * @throws SandboxException when the kernel can do it and it failed
     */
    public static String enter(Supplier<Sandbox> rules) {
        String inside = System.getProperty(PROPERTY);
        if (inside != null) {
            return inside;
        }
        int abi = Math.min(LandlockCalls.abi(), NEWEST_ABI);
        Sandbox sandbox = rules.get();
        try {
            ProcessCalls.prctl(Prctl.PR_SET_NO_NEW_PRIVS, 1);
            if (abi > 0) {
                restrict(sandbox, abi);
            }
            beginAnew(sandbox.arguments(statement(sandbox, abi)));
        } catch (SyscallException | IOException e) {
            throw new SandboxException(
                    "this process could not lock itself in (" + e.getMessage()
                            + "); see dmesg, or boot without landlock in lsm=",
                    e);
        }
        throw new IllegalStateException("execve returned");
    }

    private static String statement(Sandbox sandbox, int abi) {
        return "no_new_privs landlock="
                + switch (abi) {
                    case 0 -> "none (the kernel has none: boot one that has, with landlock in lsm=)";
                    case 1, 2, 3 -> abi + " ports=free (from ABI 4 on)";
                    default -> abi + " " + sandbox.ports();
                };
    }

    private static void restrict(Sandbox sandbox, int abi) {
        try (Fd ruleset = LandlockCalls.createRuleset(abi)) {
            sandbox.paths().forEach((path, use) -> allow(ruleset, path, use.access(), abi));
            if (LandlockAccess.LANDLOCK_ACCESS_NET_BIND_TCP.isIn(abi)) {
                sandbox.bind()
                        .forEach(port ->
                                LandlockCalls.allowPort(ruleset, port, LandlockAccess.LANDLOCK_ACCESS_NET_BIND_TCP));
                sandbox.connect()
                        .forEach(port ->
                                LandlockCalls.allowPort(ruleset, port, LandlockAccess.LANDLOCK_ACCESS_NET_CONNECT_TCP));
            }
            LandlockCalls.restrictSelf(ruleset);
        }
    }

    private static void allow(Fd ruleset, Path path, Set<LandlockAccess> rights, int abi) {
        boolean directory = Files.isDirectory(path);
        LandlockAccess[] known = rights.stream()
                .filter(right -> right.isIn(abi) && (directory || right.kind() == LandlockAccess.Kind.FILE))
                .toArray(LandlockAccess[]::new);
        try (Fd fd = FileCalls.openat(path.toString(), OpenFlag.O_PATH)) {
            LandlockCalls.allowPath(ruleset, fd, Flags.of(known));
        }
    }

    /** Descriptors of this JVM's own go with it; the three standard ones stay. */
    private static void beginAnew(List<String> arguments) throws IOException {
        List<String> argv =
                new ArrayList<>(List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                        .split("\0", -1)));
        argv.removeLast(); // behind the last NUL
        argv.addAll(1, arguments);
        List<String> environment = System.getenv().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        String program = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
        ProcessCalls.closeOnExecFrom(FIRST_OWN_FD);
        ProcessCalls.unblockSignals();
        ProcessCalls.execve(program, argv, environment);
    }
}
