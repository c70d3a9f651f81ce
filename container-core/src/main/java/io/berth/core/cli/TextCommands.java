// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Commands that print what the agent has to say about one container. */
final class TextCommands {
    private static final int CONSOLE_BYTES = 32_768;

    private TextCommands() {}

    abstract static class About implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Parameters(paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        private String container;

        abstract Request request(ContainerId id);

        @Override
        public void run() {
            String text = berth.agent().text(request(berth.find(container).id()));
            berth.out().print(Printable.text(text));
            if (!text.isEmpty() && !text.endsWith("\n")) {
                berth.out().println();
            }
            berth.out().flush();
        }
    }

    @Command(name = "console", description = "Show what a container wrote to its console last.")
    static final class Console extends About {
        @Override
        Request request(ContainerId id) {
            return new Request.ConsoleLog(id, CONSOLE_BYTES);
        }
    }

    @Command(name = "plan", description = "Show the system calls that starting a container makes; runs nothing.")
    static final class Plan extends About {
        @Override
        Request request(ContainerId id) {
            return new Request.DescribeBirth(id);
        }
    }
}
