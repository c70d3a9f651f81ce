// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Fd;
import io.berth.core.plan.Spawner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A minimal Debian with systemd, by mmdebstrap, checked against Debian's own keys; see RATIONALE.md. */
record DebianDefinition(DebianSuite suite, Path apt, Spawner spawner, Supplier<BuildRange> ranges)
        implements ImageDefinition {
    private static final Map<Path, String> TOOLS = Map.of(
            Path.of("/usr/bin/mmdebstrap"), "mmdebstrap",
            Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"), "debian-archive-keyring");

    @Override
    public void build(Fd tree, Consumer<String> progress) {
        TOOLS.forEach((file, name) -> {
            if (Files.notExists(file)) {
                throw new ImageException.MissingTool(file + " is missing; run 'apt install " + name + "'");
            }
        });
        DebianMirrors mirrors = DebianMirrors.configuredIn(apt);
        List<String> sources = mirrors.sources(suite);
        if (suite.hasUpdates() && !sources.isEmpty() && mirrors.security().isEmpty()) {
            progress.accept(
                    "the host's apt has no security mirror, so the image gets none; add one to /etc/apt/sources.list");
        }
        try (BuildRange range = ranges.get()) {
            new BuildSandbox(spawner, range.userNamespace()).run(script(), arguments(sources), tree, progress);
        }
    }

    /** suite, packages, then a line of sources each. */
    private List<String> arguments(List<String> sources) {
        List<String> arguments = new ArrayList<>(List.of(suite.codename(), String.join(",", suite.packages())));
        arguments.addAll(sources);
        return arguments;
    }

    private static String script() {
        try (InputStream in = DebianDefinition.class.getResourceAsStream("debian.sh")) {
            if (in == null) {
                throw new IllegalStateException("debian.sh is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading debian.sh", e);
        }
    }
}
