// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Request;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Commands that except one container from a seccomp rule, for a time. */
final class ExceptionCommands {
    private ExceptionCommands() {}

    abstract static class About implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        BerthCommand berth;

        @Parameters(index = "0", paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        String container;

        @Parameters(index = "1", paramLabel = "RULE", description = "As berth denials shows it, such as bpf.")
        @SuppressWarnings("NullAway.Init")
        String rule;
    }

    @Command(name = "grant", description = "Except a container from a seccomp rule for a time, at once.")
    static final class Grant extends About {
        @Option(
                names = "--until",
                required = true,
                paramLabel = "INSTANT",
                description = "When the rule holds again, such as 2026-12-31T00:00:00Z; at most 366 days ahead.")
        @SuppressWarnings("NullAway.Init")
        private Instant until;

        @Override
        public void run() {
            berth.agent().done(new Request.Grant(berth.find(container).id(), rule, until));
        }
    }

    @Command(name = "revoke", description = "End such an exception.")
    static final class Revoke extends About {
        @Override
        public void run() {
            berth.agent().done(new Request.Revoke(berth.find(container).id(), rule));
        }
    }
}
