// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "inspect", description = "Show all that the agent knows of a container, as JSON.")
final class InspectCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Parameters(paramLabel = "ID|NAME")
    @SuppressWarnings("NullAway.Init")
    private String container;

    @Override
    public void run() {
        Json.print(berth.out(), berth.find(container));
    }
}
