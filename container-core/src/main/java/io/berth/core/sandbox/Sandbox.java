// SPDX-License-Identifier: Apache-2.0
package io.berth.core.sandbox;

import io.berth.core.linux.LandlockAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a process may still reach once it has locked itself in: files, TCP ports, and nothing else that Landlock knows: no other
 * process by a signal, no socket by an abstract name, no program to execute but its own. UDP and Unix sockets in the file system
 * are not Landlock's.
 *
 * @param paths what may be done with files, and below directories
 * @param bind ports that it may listen on; 0 for one of the kernel's choice
 * @param connect ports that it may connect to, on any address
 * @param properties system properties by which it is told something that was decided on the way in
 */
public record Sandbox(Map<Path, Use> paths, Set<Integer> bind, Set<Integer> connect, Map<String, String> properties) {
    /** What may be done with a file, or with what is below a directory. */
    public enum Use {
        READ,
        /** READ, and executed as a program. */
        EXECUTE,
        /** READ, and changed, made and removed; no device nodes, nothing to execute. */
        WRITE,
        /** READ and written to, as devices are. */
        DEVICE;

        Set<LandlockAccess> access() {
            return switch (this) {
                case READ -> Rights.READ;
                case EXECUTE -> Rights.EXECUTE;
                case WRITE -> Rights.WRITE;
                case DEVICE -> Rights.DEVICE;
            };
        }
    }

    public Sandbox {
        paths = Map.copyOf(paths);
        bind = Set.copyOf(bind);
        connect = Set.copyOf(connect);
        properties = Map.copyOf(properties);
    }

    /** A sandbox in which this JVM can start, with its class path and its directory for temporary files. */
    public static Builder ofThisJava() {
        return new Builder().addAll(JavaRuntime.paths());
    }

    /** {@code bind=2222 connect=8080}, as a log has it. */
    String ports() {
        return "bind=" + text(bind) + " connect=" + text(connect);
    }

    private static String text(Set<Integer> ports) {
        return ports.isEmpty()
                ? "none"
                : ports.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Collects rules. A path that does not exist is left out: nobody can use it, and who needs it says so. */
    public static final class Builder {
        private final Map<Path, Use> paths = new TreeMap<>();
        private final Set<Integer> bind = new TreeSet<>();
        private final Set<Integer> connect = new TreeSet<>();
        private final Map<String, String> properties = new TreeMap<>();

        private Builder() {}

        Builder addAll(Map<Path, Use> more) {
            more.forEach((path, use) -> path(use, path));
            return this;
        }

        /** Symbolic links count as what they lead to. */
        public Builder path(Use use, Path path) {
            try {
                paths.put(path.toRealPath(), use);
            } catch (IOException _) {
                return this; // not there, or not for this account
            }
            return this;
        }

        public Builder bind(int port) {
            bind.add(port);
            return this;
        }

        public Builder connect(int port) {
            connect.add(port);
            return this;
        }

        public Builder tell(String property, String value) {
            properties.put(property, value);
            return this;
        }

        public Sandbox build() {
            return new Sandbox(paths, bind, connect, properties);
        }
    }

    /** Arguments of the JVM that begins inside. */
    List<String> arguments(String statement) {
        List<String> arguments = new ArrayList<>();
        arguments.add(
                "-XX:-UsePerfData"); // it goes to /tmp and, where it may not list the working directory, does not come
        // back
        arguments.add("-D" + Lockdown.PROPERTY + "=" + statement);
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        return arguments;
    }
}
