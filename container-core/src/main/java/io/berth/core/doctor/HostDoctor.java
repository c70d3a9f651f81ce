// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.HostExaminer;
import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The doctor in the agent's service: what it tries, it tries in threads and children of its own. */
public final class HostDoctor implements HostExaminer {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final long KIB = 1024;

    private final HostSettings host = HostSettings.from(System.getenv());

    @Override
    public HostFigures figures() {
        long poolBytes = 0;
        long poolFreeBytes = 0;
        try {
            FileStore pool = Files.getFileStore(host.agent().stateDir().resolve("pool"));
            poolBytes = pool.getTotalSpace();
            poolFreeBytes = pool.getUsableSpace();
        } catch (IOException e) {
            // not there yet: none
        }
        return new HostFigures(
                Runtime.getRuntime().availableProcessors(),
                memory("MemTotal:"),
                memory("MemAvailable:"),
                poolBytes,
                poolFreeBytes);
    }

    /** A line of proc_meminfo(5), in KiB there; 0 when it is not there. */
    private static long memory(String name) {
        try (var lines = Files.lines(MEMINFO)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).replace("kB", "").strip())
                    .mapToLong(kib -> Long.parseLong(kib) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** One at a time: each makes mounts, networks and processes for a moment. */
    @Override
    public synchronized List<HostFinding> findings() {
        return new Doctor(host)
                .examine().stream()
                        .map(finding -> new HostFinding(
                                finding.check(),
                                HostFinding.State.valueOf(finding.state().name()),
                                finding.found(),
                                finding.cure()))
                        .toList();
    }
}
