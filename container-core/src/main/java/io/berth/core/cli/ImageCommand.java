// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.spec.ImageAlias;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "image", description = "Images that containers start from.")
final class ImageCommand implements Runnable {
    private static final String FORM = "%-71s  %-24s  %-8s  %6s  %s%n";

    private static final int MOST_NAMES = 300;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: ls, build or import");
    }

    @Command(name = "ls", description = "List the images.")
    void list(@Option(names = "--json", description = "For programs.") boolean json) {
        List<ImageStatus> images = berth.agent().images();
        if (json) {
            Json.print(berth.out(), images);
            return;
        }
        berth.out().printf(FORM, "ID", "ALIAS", "ARCH", "MIB", "BUILT");
        for (ImageStatus image : images) {
            String alias = image.alias() + (image.current() ? "" : " (older)");
            berth.out().printf(FORM, image.id(), alias, image.architecture(), image.sizeBytes() >> 20, image.builtAt());
        }
        berth.out().flush();
    }

    @Command(name = "build", description = "Build an image; progress goes to stderr, the id to stdout.")
    void build(@Parameters(paramLabel = "ALIAS", description = "Such as debian/bookworm.") String alias) {
        ImageStatus image = berth.agent().buildImage(new ImageAlias(alias), this::progress);
        berth.out().println(image.id());
        berth.out().flush();
    }

    @Command(
            name = "import",
            description = "Make an image of a file: a root file system (tar, squashfs), an image of LXD or Incus, of "
                    + "docker save, or an OCI layout; progress goes to stderr, the id to stdout.")
    void bring(
            @Parameters(paramLabel = "ALIAS", description = "Such as debian/bookworm.") String alias,
            @Parameters(paramLabel = "FILE", description = "The archive, or the metadata of a split image.") Path file,
            @Parameters(paramLabel = "ROOTFS", arity = "0..1", description = "The other half of a split image.")
                    @Nullable
                    Path rootfs) {
        List<Path> files = rootfs == null ? List.of(file) : List.of(file, rootfs);
        List<Fd> archives = new ArrayList<>();
        try {
            files.forEach(one -> archives.add(opened(one)));
            ImageStatus image = berth.agent().importImage(new ImageAlias(alias), from(files), archives, this::progress);
            berth.out().println(image.id());
            berth.out().flush();
        } finally {
            archives.forEach(Fd::close);
        }
    }

    /** As the one who called: the agent gets what is open, and never a path. */
    private Fd opened(Path file) {
        try {
            return FileCalls.openat(file.toString(), OpenFlag.O_RDONLY, OpenFlag.O_NONBLOCK);
        } catch (SyscallException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static String from(List<Path> files) {
        String names =
                files.stream().map(file -> String.valueOf(file.getFileName())).collect(Collectors.joining(", "));
        String printable = names.replaceAll("[^ -~]", "?");
        return printable.length() <= MOST_NAMES ? printable : printable.substring(0, MOST_NAMES);
    }

    private void progress(String line) {
        berth.err().println(Printable.line(line));
        berth.err().flush();
    }
}
