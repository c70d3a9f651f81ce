// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "snapshot", description = "Containers' files as they were once.")
final class SnapshotCommand implements Runnable {
    private static final String FORM = "%-36s  %-32s  %s%n";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: create, ls, restore or rm");
    }

    @Command(name = "create", description = "Keep a container's files as they are now.")
    void create(
            @Parameters(index = "0", paramLabel = "ID|NAME") String container,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "SNAPSHOT",
                            description = "Its name; the time when it is left out.")
                    @Nullable
                    String name) {
        Instant now = Instant.now();
        var snapshot = SnapshotId.at(now, new SecureRandom());
        SnapshotName named = name == null ? SnapshotName.at("snap", now) : new SnapshotName(name);
        berth.agent().done(new Request.TakeSnapshot(id(container), snapshot, named));
        berth.out().println(named);
        berth.out().flush();
    }

    @Command(name = "ls", description = "List a container's snapshots, oldest first.")
    void list(
            @Parameters(paramLabel = "ID|NAME") String container,
            @Option(names = "--json", description = "For programs.") boolean json) {
        List<SnapshotStatus> snapshots = berth.agent().snapshots(id(container));
        if (json) {
            Json.print(berth.out(), snapshots);
            return;
        }
        berth.out().printf(FORM, "ID", "NAME", "TAKEN");
        snapshots.forEach(snapshot -> berth.out()
                .printf(FORM, snapshot.id(), Printable.line(snapshot.name().value()), snapshot.takenAt()));
        berth.out().flush();
    }

    @Command(
            name = "restore",
            description =
                    "Make a container's files what they were; what came since is lost. One that runs is killed and started.")
    void restore(
            @Parameters(index = "0", paramLabel = "ID|NAME") String container,
            @Parameters(index = "1", paramLabel = "SNAPSHOT") String snapshot) {
        ContainerId id = id(container);
        ContainerStatus restored =
                berth.agent().container(new Request.Restore(id, Lookup.snapshot(berth.agent(), id, snapshot)));
        berth.out()
                .println(Lookup.fullName(restored.spec()) + " "
                        + restored.state().name().toLowerCase(Locale.ROOT));
        berth.out().flush();
    }

    @Command(name = "rm", description = "Delete a snapshot.")
    void delete(
            @Parameters(index = "0", paramLabel = "ID|NAME") String container,
            @Parameters(index = "1", paramLabel = "SNAPSHOT") String snapshot) {
        ContainerId id = id(container);
        berth.agent().done(new Request.DeleteSnapshot(id, Lookup.snapshot(berth.agent(), id, snapshot)));
    }

    private ContainerId id(String container) {
        return berth.find(container).id();
    }
}
