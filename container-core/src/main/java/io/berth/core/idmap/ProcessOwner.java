// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether a process is one of an instance's containers'. */
final class ProcessOwner {
    private ProcessOwner() {}

    /** Its containers are below a cgroup of its name in every hierarchy; what its agent has just forked may be on the way there. */
    static boolean isOurs(String pid, String instance, long agent) {
        Path process = Path.of("/proc", pid);
        return lines(process.resolve("cgroup")).stream().anyMatch(line -> line.contains("/" + instance + "/"))
                || lines(process.resolve("status")).contains("PPid:\t" + agent);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }
}
