// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ImageStatus;
import io.berth.core.spec.ImageAlias;
import java.util.List;
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

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: ls or build");
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

    private void progress(String line) {
        berth.err().println(Printable.line(line));
        berth.err().flush();
    }
}
