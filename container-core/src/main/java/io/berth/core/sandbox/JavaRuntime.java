// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import io.berth.core.sandbox.Sandbox.Use;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What any JVM needs of the host; found by tracing one that starts, listens, connects and resolves names. */
final class JavaRuntime {
    /** Each with its reason. */
    private static final Map<String, Use> SYSTEM = Map.ofEntries(
            Map.entry("/lib64/ld-linux-x86-64.so.2", Use.EXECUTE), // the kernel executes it for every program
            Map.entry("/lib/ld-linux-aarch64.so.1", Use.EXECUTE),
            Map.entry("/lib", Use.READ), // shared libraries; on most hosts a link to the next
            Map.entry("/usr/lib", Use.READ),
            Map.entry("/lib64", Use.READ),
            Map.entry("/usr/lib64", Use.READ),
            Map.entry("/etc/ld.so.cache", Use.READ),
            Map.entry("/etc/ld.so.conf", Use.READ), // jnr-ffi looks there too
            Map.entry("/etc/ld.so.conf.d", Use.READ),
            Map.entry("/etc/passwd", Use.READ), // user.name
            Map.entry("/etc/group", Use.READ),
            Map.entry("/etc/nsswitch.conf", Use.READ), // names of hosts
            Map.entry("/etc/host.conf", Use.READ),
            Map.entry("/etc/hosts", Use.READ),
            Map.entry("/etc/resolv.conf", Use.READ),
            Map.entry("/etc/gai.conf", Use.READ),
            Map.entry("/run/systemd/resolve", Use.READ), // where resolv.conf leads; replaced as networks come and go
            Map.entry("/etc/localtime", Use.READ), // the time zone
            Map.entry("/etc/timezone", Use.READ),
            Map.entry("/usr/share/zoneinfo", Use.READ),
            Map.entry("/etc/ssl/certs", Use.READ), // Debian's trust store for Java is below
            // whole, as the kernel forgets inodes below it, and a rule with them; other accounts' processes show
            // nothing there
            Map.entry("/proc", Use.READ),
            Map.entry("/sys/fs/cgroup", Use.READ), // the JVM sizes itself by its limits
            Map.entry("/sys/devices/system", Use.READ), // and by processors and memory nodes
            Map.entry("/sys/kernel/mm", Use.READ),
            Map.entry("/dev/null", Use.DEVICE),
            Map.entry("/dev/zero", Use.DEVICE),
            Map.entry("/dev/random", Use.DEVICE),
            Map.entry("/dev/urandom", Use.DEVICE));

    private JavaRuntime() {}

    static Map<Path, Use> paths() {
        Map<Path, Use> paths = new LinkedHashMap<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                Path path = Path.of(entry).toAbsolutePath();
                // a jar's directory, as a wildcard of the class path lists it
                paths.put(
                        Files.isDirectory(path) ? path : Objects.requireNonNullElse(path.getParent(), path), Use.READ);
            }
        }
        SYSTEM.forEach((path, use) -> paths.put(Path.of(path), use));
        Path home = Path.of(System.getProperty("java.home"));
        paths.put(home, Use.EXECUTE);
        paths.put(home.resolve("conf"), Use.READ); // Debian's packages keep these in /etc and link to them
        paths.put(home.resolve("conf/security"), Use.READ);
        paths.put(home.resolve("lib/security"), Use.READ);
        paths.put(home.resolve("lib/security/cacerts"), Use.READ);
        paths.put(Path.of(System.getProperty("java.io.tmpdir")), Use.WRITE);
        return paths;
    }
}
