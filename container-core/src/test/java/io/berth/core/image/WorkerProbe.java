// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs as a worker and says what it can reach. */
final class WorkerProbe {
    private WorkerProbe() {}

    /** @param args a file of the host's that everybody may read */
    public static void main(String[] args) throws IOException {
        String map = Files.readString(Path.of("/proc/self/uid_map")).strip().replaceAll("\\s+", " ");
        System.out.println("uid " + status("Uid").split("\\s+", 2)[0] + " " + map);
        System.out.println("secret " + Files.exists(Path.of(args[0])));
        System.out.println("shadow " + Files.isReadable(Path.of("/etc/shadow")));
        System.out.println("usr writable " + Files.isWritable(Path.of("/usr")));
        System.out.println("tree writable " + Files.isWritable(Path.of("/tree")));
        System.out.println("processes of the host " + strangers());
        System.out.println(
                "interfaces " + (Files.readAllLines(Path.of("/proc/net/dev")).size() - 2));
        System.out.println("bounding set " + status("CapBnd"));
        System.out.println("no_new_privs " + status("NoNewPrivs"));
    }

    private static String status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** PID 1 is unshare's child, timeout; then this. */
    private static long strangers() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                            .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                            .count()
                    - 2;
        }
    }
}
