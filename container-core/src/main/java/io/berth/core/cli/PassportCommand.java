// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.PassportLine;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "passport",
        description = {
            "Show how a running container is isolated, as the kernel tells it.",
            "Exit status 1 when that is not what policy wants."
        })
final class PassportCommand implements Callable<Integer> {
    private static final int DRIFT = 1;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Parameters(paramLabel = "ID|NAME")
    @SuppressWarnings("NullAway.Init")
    private String container;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        ContainerPassport passport =
                berth.agent().passport(berth.find(container).id());
        if (json) {
            Json.print(berth.out(), passport);
        } else {
            print(passport, berth.out());
        }
        return passport.drift().isEmpty() ? CommandLine.ExitCode.OK : DRIFT;
    }

    private static void print(ContainerPassport passport, PrintWriter out) {
        int width = passport.lines().stream()
                .mapToInt(line -> line.item().length())
                .max()
                .orElse(0);
        for (PassportLine line : passport.lines()) {
            out.println(Printable.line(String.format(
                    "%-5s %-" + width + "s  %s%s",
                    line.differs() ? "DRIFT" : "ok",
                    line.item(),
                    line.found(),
                    line.differs() ? "; expected " + line.expected() + ": " + line.reason() : "")));
        }
        List<PassportLine> drift = passport.drift();
        out.println(
                drift.isEmpty()
                        ? "all " + passport.lines().size() + " lines are as policy wants"
                        : drift.size() + " of " + passport.lines().size() + " lines are not as policy wants");
        out.flush();
    }
}
