// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.SnapshotId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Making a container of another, and naming one anew. */
final class CopyCommands {
    private CopyCommands() {}

    @Command(
            name = "copy",
            description =
                    "Make a container with another's files, limits and network; it is of the same tenant, and stopped.")
    static final class Copy implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Parameters(index = "0", paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        private String source;

        @Parameters(index = "1", paramLabel = "NEW-NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--snapshot", paramLabel = "SNAPSHOT", description = "Its files as they were then.")
        @Nullable
        private String snapshot;

        @Override
        public void run() {
            ContainerStatus original = berth.find(source);
            SnapshotId kept = snapshot == null ? null : Lookup.snapshot(berth.agent(), original.id(), snapshot);
            var copy = new Request.Copy(
                    new ContainerId(UUID.randomUUID()),
                    original.spec().with(new ContainerName(name)),
                    original.id(),
                    kept);
            berth.out().println(berth.agent().container(copy).id());
            berth.out().flush();
        }
    }

    @Command(name = "rename", description = "Give a stopped container another name.")
    static final class Rename extends LifeCommands.Verb {
        @Parameters(index = "1", paramLabel = "NEW-NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        Request request(ContainerId id) {
            return new Request.Rename(id, new ContainerName(name));
        }
    }
}
