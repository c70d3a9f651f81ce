// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.doctor.NodeStatus;
import io.berth.core.doctor.NodeStatus.Pool;
import io.berth.core.doctor.NodeStatus.ProcessStatus;
import io.berth.core.spec.ContainerState;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "Show what is up; exit status 0 when everything is, else 3.")
final class StatusCommand implements Callable<Integer> {
    /** "Program is not running": LSB, Init Script Actions. */
    private static final int NOT_RUNNING = 3;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public Integer call() {
        NodeStatus status = NodeStatus.of(berth.host());
        if (json) {
            Json.print(berth.out(), status);
        } else {
            print(status);
        }
        return status.up() ? 0 : NOT_RUNNING;
    }

    private void print(NodeStatus status) {
        for (ProcessStatus process : status.processes()) {
            berth.out().printf("%-11s %s%n", process.name(), words(process));
        }
        Map<ContainerState, Integer> containers = status.containers();
        berth.out().printf("%-11s %s%n", "containers", containers == null ? "unknown" : words(containers));
        Pool pool = status.pool();
        if (pool != null) {
            berth.out()
                    .printf(
                            "%-11s %d of %d MiB free at %s%n",
                            "pool", pool.freeBytes() >> 20, pool.totalBytes() >> 20, pool.path());
        }
        berth.out().flush();
    }

    private static String words(ProcessStatus process) {
        if (process.pid() == null) {
            return "down; ./berth up starts it";
        }
        return process.answers()
                ? "up, pid " + process.pid()
                : "pid " + process.pid() + " does not answer; see ./berth logs " + process.name();
    }

    private static String words(Map<ContainerState, Integer> containers) {
        return containers.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
