// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "ls", description = "List the containers of this machine.")
final class ListCommand implements Runnable {
    private static final String FORM = "%-36s  %-30s  %-8s  %s%n";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public void run() {
        List<ContainerStatus> all = berth.agent().list();
        if (json) {
            Json.print(berth.out(), all);
            return;
        }
        berth.out().printf(FORM, "ID", "NAME", "STATE", "ADDRESSES");
        for (ContainerStatus one : all) {
            String state = one.state().name().toLowerCase(Locale.ROOT);
            berth.out().printf(FORM, one.id(), Lookup.fullName(one.spec()), state, String.join(" ", one.addresses()));
        }
        berth.out().flush();
    }
}
