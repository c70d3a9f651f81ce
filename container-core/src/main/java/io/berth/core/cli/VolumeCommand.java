// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "volume", description = "Files that outlive containers, and that several may have at once.")
final class VolumeCommand implements Runnable {
    private static final String FORM = "%-36s  %-32s  %10s  %10s  %s%n";
    private static final String NAME = "ID|NAME";

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: ls, new, resize, rm, attach or detach");
    }

    @Command(name = "ls", description = "List the volumes of this node, and which containers have them.")
    void list(@Option(names = "--json", description = "For programs.") boolean json) {
        List<VolumeStatus> volumes = berth.agent().volumes();
        if (json) {
            Json.print(berth.out(), volumes);
            return;
        }
        berth.out().printf(FORM, "ID", "NAME", "MIB", "USED", "CONTAINERS");
        volumes.forEach(volume -> berth.out()
                .printf(
                        FORM,
                        volume.id(),
                        Lookup.fullName(volume.spec()),
                        volume.spec().diskBytes() >> 20,
                        used(volume),
                        volume.attachedTo().stream().map(ContainerId::prefix).collect(Collectors.joining(" "))));
        berth.out().flush();
    }

    private static String used(VolumeStatus volume) {
        Long bytes = volume.disk().bytes();
        return bytes == null ? "unknown" : Long.toString(bytes >> 20);
    }

    @Command(name = "new", description = "Make an empty volume, which the platform knows nothing of.")
    void create(
            @Parameters(index = "0", paramLabel = "TENANT") String tenant,
            @Parameters(index = "1", paramLabel = "NAME") String name,
            @Parameters(index = "2", paramLabel = "MIB", description = "What its files take at most.") long mebibytes) {
        var wanted = new VolumeSpec(new VolumeName(name), new TenantName(tenant), bytes(mebibytes));
        VolumeStatus made = berth.agent().volume(new Request.CreateVolume(new VolumeId(UUID.randomUUID()), wanted));
        berth.out().println(made.id());
        berth.out().flush();
    }

    @Command(name = "resize", description = "Change what a volume takes at most.")
    void resize(
            @Parameters(index = "0", paramLabel = NAME) String volume,
            @Parameters(index = "1", paramLabel = "MIB") long mebibytes) {
        berth.agent()
                .volume(new Request.ResizeVolume(
                        Lookup.volume(berth.agent(), volume).id(), bytes(mebibytes)));
    }

    /** More than fits a number is more than any volume has. */
    private static long bytes(long mebibytes) {
        return mebibytes > Long.MAX_VALUE >> 20 ? Long.MAX_VALUE : mebibytes << 20;
    }

    @Command(name = "rm", description = "Delete a volume that no container has, with its files.")
    void delete(@Parameters(paramLabel = NAME) String volume) {
        berth.agent()
                .done(new Request.DeleteVolume(
                        Lookup.volume(berth.agent(), volume).id()));
    }

    @Command(
            name = "attach",
            description = "Give a container a volume, one that runs at once; or change how it has it.")
    void attach(
            @Parameters(index = "0", paramLabel = NAME) String container,
            @Parameters(index = "1", paramLabel = "VOLUME") String volume,
            @Parameters(index = "2", paramLabel = "PATH", description = "In the container; made when missing.")
                    String path,
            @Option(names = "--read-only", description = "Nobody in the container, root included, writes to it.")
                    boolean readOnly) {
        VolumeId id = Lookup.volume(berth.agent(), volume).id();
        change(container, id, List.of(new VolumeMount(id, new MountPath(path), readOnly)));
    }

    @Command(name = "detach", description = "Take a volume from a container; what has files open keeps them.")
    void detach(
            @Parameters(index = "0", paramLabel = NAME) String container,
            @Parameters(index = "1", paramLabel = "VOLUME") String volume) {
        change(container, Lookup.volume(berth.agent(), volume).id(), List.of());
    }

    private void change(String container, VolumeId volume, List<VolumeMount> instead) {
        ContainerStatus found = berth.find(container);
        List<VolumeMount> wanted = new ArrayList<>(found.spec().volumes());
        wanted.removeIf(mount -> mount.volume().equals(volume));
        wanted.addAll(instead);
        berth.agent().container(new Request.ChangeVolumes(found.id(), wanted));
    }
}
