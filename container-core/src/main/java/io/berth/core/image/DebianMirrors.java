// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The mirrors of Debian's that the host itself uses.
 *
 * @param archive of the suites, empty when the host names none
 * @param security of their security updates
 */
record DebianMirrors(Optional<String> archive, Optional<String> security) {
    private static final String KEYRING = "debian-archive-keyring";

    /** Reads {@code sources.list} and {@code sources.list.d}, both forms; see sources.list(5). */
    static DebianMirrors configuredIn(Path apt) {
        List<AptSource> sources = new ArrayList<>();
        files(apt)
                .forEach(file -> sources.addAll(
                        AptSource.parse(lines(file), file.toString().endsWith(".sources"))));
        return of(sources);
    }

    static DebianMirrors of(List<AptSource> sources) {
        return new DebianMirrors(best(sources, AptSource::hasArchive), best(sources, AptSource::hasSecurity));
    }

    /** Others, too, have suites called bookworm with a component main: what Debian's own keys sign comes first. */
    private static Optional<String> best(List<AptSource> sources, Predicate<AptSource> offers) {
        return sources.stream()
                .filter(offers)
                .filter(source -> source.signedBy().isEmpty() ? source.uri().contains("debian") : isDebians(source))
                .min(Comparator.comparing(source -> !isDebians(source)))
                .flatMap(source -> reachable(source.uri()));
    }

    private static boolean isDebians(AptSource source) {
        return source.signedBy().contains(KEYRING);
    }

    /** {@code mirror+file:/path} names a file whose lines are mirrors, best first; see apt-transport-mirror(1). */
    private static Optional<String> reachable(String uri) {
        if (uri.startsWith("mirror+file:")) {
            return lines(Path.of(uri.substring("mirror+file:".length()))).stream()
                    .map(line -> line.strip().split("\\s", -1)[0])
                    .filter(line -> line.startsWith("http"))
                    .findFirst();
        }
        return uri.startsWith("http://") || uri.startsWith("https://") ? Optional.of(uri) : Optional.empty();
    }

    /**
     * A suite's sources in one-line form.
     *
     * @return none when the host names no mirror: mmdebstrap then takes Debian's own
     */
    List<String> sources(DebianSuite suite) {
        List<String> lines = new ArrayList<>();
        archive.ifPresent(uri -> {
            lines.add(line(uri, suite.codename()));
            if (suite.hasUpdates()) {
                lines.add(line(uri, suite.codename() + "-updates"));
                security.ifPresent(from -> lines.add(line(from, suite.codename() + "-security")));
            }
        });
        return lines;
    }

    private static String line(String uri, String suite) {
        return "deb " + uri + " " + suite + " main";
    }

    private static List<Path> files(Path apt) {
        List<Path> files = new ArrayList<>();
        Path parts = apt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> found = Files.list(parts)) {
                found.filter(file -> file.toString().endsWith(".list")
                                || file.toString().endsWith(".sources"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException("listing " + parts, e);
            }
        }
        files.addFirst(apt.resolve("sources.list"));
        files.removeIf(Files::notExists);
        return files;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
