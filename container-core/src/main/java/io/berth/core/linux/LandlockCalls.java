// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;

import io.berth.core.linux.LandlockAccess.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Predicate;

/** Landlock: a process gives up access for itself and all that it becomes. include/uapi/linux/landlock.h; see landlock(7). */
public final class LandlockCalls {
    private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
    private static final int LANDLOCK_RULE_PATH_BENEATH = 1;
    private static final int LANDLOCK_RULE_NET_PORT = 2;
    private static final int PATH_BENEATH_ATTR = Long.BYTES + Integer.BYTES; // packed

    private LandlockCalls() {}

    /** The kernel's ABI, 0 where it has no Landlock or was booted without. Since Linux 5.13. */
    public static int abi() {
        return (int) Math.max(0, Syscall.attempt(Sys.LANDLOCK_CREATE_RULESET, 0, 0, LANDLOCK_CREATE_RULESET_VERSION));
    }

    /** A ruleset that forbids everything that this ABI can forbid. */
    public static Fd createRuleset(int abi) {
        try (var memory = new NativeMemory()) {
            // struct landlock_ruleset_attr: handled_access_fs, handled_access_net from ABI 4, scoped from ABI 6
            NativeBuffer attributes = memory.longs(
                            bits(abi, LandlockAccess::isFileSystem),
                            bits(abi, access -> access.kind() == Kind.PORT),
                            bits(abi, access -> access.kind() == Kind.SCOPE))
                    .named("all of ABI " + abi);
            int size = Long.BYTES * (abi < 4 ? 1 : abi < 6 ? 2 : 3);
            return Fd.adopt(call(Sys.LANDLOCK_CREATE_RULESET, attributes, size, 0), "Landlock ruleset");
        }
    }

    private static long bits(int abi, Predicate<LandlockAccess> wanted) {
        return Arrays.stream(LandlockAccess.values())
                .filter(access -> access.isIn(abi) && wanted.test(access))
                .mapToLong(LandlockAccess::value)
                .reduce(0, (all, one) -> all | one);
    }

    /** @param path a file, or a directory with all below it; may be opened with O_PATH */
    public static void allowPath(Fd ruleset, Fd path, Flags access) {
        byte[] attributes = ByteBuffer.allocate(PATH_BENEATH_ATTR)
                .order(ByteOrder.nativeOrder())
                .putLong(access.bits())
                .putInt(path.number())
                .array();
        try (var memory = new NativeMemory()) {
            NativeBuffer rule = memory.bytes(attributes).named("{" + access + ", " + path + "}");
            call(Sys.LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0);
        }
    }

    /** @param port of TCP; 0 for a port of the kernel's choice */
    public static void allowPort(Fd ruleset, int port, LandlockAccess access) {
        try (var memory = new NativeMemory()) {
            NativeBuffer rule = memory.longs(access.value(), port).named("{" + access + ", " + port + "}");
            call(Sys.LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_NET_PORT, rule, 0);
        }
    }

    /** For the calling thread and what it starts or becomes; it must have no_new_privs. */
    public static void restrictSelf(Fd ruleset) {
        call(Sys.LANDLOCK_RESTRICT_SELF, ruleset, 0);
    }
}
