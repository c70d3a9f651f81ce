// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Asserts at start that this process has nothing to lose: what faces the network holds no privilege. */
final class Unprivileged {
    private static final String CURE =
            "; run the gateway as a user of its own without capabilities, as ./berth up does (setpriv --reuid berth-gateway)";

    private Unprivileged() {}

    /** @throws StartException when this process is root or could use a capability */
    static void require() {
        try {
            require(Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException e) {
            throw new StartException(
                    "/proc/self/status cannot be read, so nobody knows whose process this is; mount /proc", e);
        }
    }

    /** @param status lines of proc_pid_status(5) */
    static void require(List<String> status) {
        for (String uid : field(status, "Uid").split("\\s+", -1)) { // real, effective, saved set, file system
            if (uid.equals("0")) {
                throw new StartException("this process runs as root" + CURE);
            }
        }
        if (Long.parseUnsignedLong(field(status, "CapPrm"), 16) != 0) {
            throw new StartException("this process has capabilities (CapPrm " + field(status, "CapPrm") + ")" + CURE);
        }
    }

    private static String field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow(
                        () -> new StartException("/proc/self/status has no line " + name + "; mount a whole /proc"));
    }
}
