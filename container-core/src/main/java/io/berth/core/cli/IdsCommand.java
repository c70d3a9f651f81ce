// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.spec.ContainerId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "ids",
        description = "List the ranges of uids and gids that containers have or had, and who else has ids of them.")
final class IdsCommand implements Runnable {
    private static final String FORM = "%-10s  %-11s  %-36s  %-20s  %-20s  %s%n";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public void run() {
        List<IdRangeStatus> ranges = berth.agent().idRanges();
        if (json) {
            Json.print(berth.out(), ranges);
            return;
        }
        Map<ContainerId, String> names = berth.agent().list().stream()
                .collect(Collectors.toMap(ContainerStatus::id, status -> Lookup.fullName(status.spec())));
        berth.out().printf(FORM, "FIRST ID", "STATE", "CONTAINER", "SINCE", "UNTIL", "CONFLICTS");
        ranges.forEach(range -> print(range, names));
        berth.out().flush();
    }

    private void print(IdRangeStatus range, Map<ContainerId, String> names) {
        ContainerId container = range.container();
        berth.out()
                .printf(
                        FORM,
                        range.start(),
                        range.state().name().toLowerCase(Locale.ROOT),
                        container == null ? "-" : names.getOrDefault(container, container.toString()),
                        time(range.since()),
                        time(range.until()),
                        Printable.line(String.join("; ", range.conflicts())));
    }

    private static String time(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
