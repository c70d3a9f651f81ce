// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The worker: unpacks the archives that it was born with into /tree, with /scratch for itself. What it says goes to stdout a line at a
 * time; {@code refused: } and the reason is its last word where it fails. It ends with whoever holds the other end of its stdin.
 */
public final class UnpackMain {
    private static final Path TREE = Path.of("/tree");
    private static final Path SCRATCH = Path.of("/scratch");
    /** After that nobody asks for the exit status. */
    private static final int REFUSED = 1;

    private UnpackMain() {}

    /** @param args most bytes, most entries, and the descriptors of an archive or of both halves of a split one */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("life").start(UnpackMain::endWithTheAgent);
        List<Source> sources = IntStream.range(2, args.length)
                .mapToObj(at -> new Source(Fd.adopt(Integer.parseInt(args[at]), "the archive")))
                .toList();
        try {
            new Unpacker(new Budget(Long.parseLong(args[0]), Long.parseLong(args[1])), TREE, SCRATCH).unpack(sources);
        } catch (RefusedArchiveException e) {
            end(e);
        } catch (IOException e) {
            end(Tar.damaged(e));
        } catch (OutOfMemoryError | StackOverflowError e) {
            end(new RefusedArchiveException("the archive wants more memory to read than an honest one does"));
        }
    }

    private static void end(RefusedArchiveException reason) {
        System.out.println("refused: " + reason.getMessage());
        System.out.flush();
        Runtime.getRuntime().halt(REFUSED);
    }

    private static void endWithTheAgent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(REFUSED);
    }
}
