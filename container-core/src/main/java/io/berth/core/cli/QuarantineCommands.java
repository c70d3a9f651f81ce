// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.QuarantineReason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Cutting a container off, and letting it go. */
final class QuarantineCommands {
    private QuarantineCommands() {}

    @Command(
            name = "quarantine",
            description =
                    "Freeze a container, cut its network, close it to logins and keep its files as a snapshot; undone by berth release.")
    static final class Quarantine extends LifeCommands.Verb {
        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description = "One line that the tenant will read, at most 200 characters.")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Request request(ContainerId id) {
            return new Request.Quarantine(id, new QuarantineReason(reason));
        }
    }

    @Command(name = "release", description = "Undo a quarantine; the snapshot stays.")
    static final class Release extends LifeCommands.Verb {
        @Override
        Request request(ContainerId id) {
            return new Request.Release(id);
        }
    }
}
