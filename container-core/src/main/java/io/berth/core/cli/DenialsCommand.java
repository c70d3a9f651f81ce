// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Denial;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.RuleCount;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "denials", description = "Show which system calls a container was denied, and by which rule.")
final class DenialsCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Parameters(paramLabel = "ID|NAME")
    @SuppressWarnings("NullAway.Init")
    private String container;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public void run() {
        DenialReport report = berth.agent().denials(berth.find(container).id());
        if (json) {
            Json.print(berth.out(), report);
            return;
        }
        print(report, berth.out());
        berth.out().flush();
    }

    private static void print(DenialReport report, PrintWriter out) {
        out.printf("Denied since %s:%n", report.since().truncatedTo(ChronoUnit.SECONDS));
        for (RuleCount count : report.counts()) {
            out.printf("%8d  %-18s  %s%n", count.count(), count.rule(), Printable.line(count.reason()));
        }
        if (report.counts().isEmpty()) {
            out.println("       0");
        }
        report.grants().forEach(grant -> out.printf("Excepted from %s until %s%n", grant.rule(), grant.until()));
        for (Denial denial : report.recent()) {
            out.printf(
                    "%s  %6dx  %-6s  %s  by %s (pid %d of the host)%n",
                    denial.last().truncatedTo(ChronoUnit.SECONDS),
                    denial.times(),
                    denial.error(),
                    Printable.line(denial.call()),
                    Printable.line(denial.process()),
                    denial.pid());
        }
    }
}
