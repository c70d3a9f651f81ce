// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The journals of an agent that is no more. Which listener one belongs to says the kernel: ids begin at random numbers. */
final class Leftovers {
    private final List<Path> files;

    private Leftovers(List<Path> files) {
        this.files = new ArrayList<>(files);
    }

    static Leftovers in(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return new Leftovers(all.toList());
        }
    }

    /** Moves the call that waits on this listener, if one does, into its journal. */
    synchronized void moveTo(Journal journal, Fd listener, ContainerId container) {
        for (Path file : List.copyOf(files)) {
            if (file.getFileName().toString().startsWith(container + ".")) {
                move(file, journal, listener);
            }
        }
    }

    private void move(Path file, Journal journal, Fd listener) {
        try (Journal left = Journal.open(file)) {
            if (left.id() != 0 && NotifyCalls.isValid(listener, left.id())) {
                journal.adopt(left);
                left.clear();
                files.remove(file);
            }
        }
    }

    /** What nobody waits for any more, once every container has been looked at. */
    synchronized void remove() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("removing " + file, e);
            }
        }
        files.clear();
    }
}
