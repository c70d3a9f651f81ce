// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.doctor.Doctor;
import io.berth.core.doctor.Finding;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description = "Try everything that Berth needs of this machine; exit status 1 when something is missing.")
final class DoctorCommand implements Callable<Integer> {
    /** Everything that was found, and whether it will do. */
    record Report(boolean ok, List<Finding> findings) {}

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public Integer call() {
        List<Finding> findings = new Doctor(berth.host()).examine();
        boolean ok = findings.stream().noneMatch(finding -> finding.state() == Finding.State.MISSING);
        if (json) {
            Json.print(berth.out(), new Report(ok, findings));
        } else {
            findings.forEach(this::print);
            berth.out().flush();
        }
        return ok ? 0 : 1;
    }

    private void print(Finding finding) {
        String state = finding.state().name().toLowerCase(Locale.ROOT);
        berth.out().printf("%-8s %-40s %s%n", state, finding.check(), Printable.line(finding.found()));
        if (finding.cure() != null) {
            berth.out().printf("%-8s %-40s cure: %s%n", "", "", finding.cure());
        }
    }
}
