// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.ElfFile;
import io.berth.core.linux.FcntlCommand;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.PlanBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program of the host's that a container's process can execute though nothing of the host's is in the container: the program, its
 * dynamic linker and its libraries as sealed files in memory, which hold these bytes and lead nowhere. The linker is executed and told
 * where the rest is; see ld.so(8).
 *
 * @param fds the linker, the program, and the libraries
 */
record LentProgram(String name, List<Fd> fds) implements AutoCloseable {
    /** Where Debian and others keep libraries; what the program asks for comes with the host's package manager. */
    private static final List<String> LIBRARIES = List.of(
            "/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu",
            "/lib/aarch64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/lib64",
            "/usr/lib64",
            "/lib",
            "/usr/lib");

    /** The message that brings them has places for the standard ones, the plan's and the cgroup, too. */
    private static final int MOST_FILES = ForkLoop.MOST_FDS / 2;

    LentProgram {
        fds = List.copyOf(fds);
    }

    /** @return empty where the host has none, or has one that can't be lent */
    static Optional<LentProgram> load(List<String> paths) {
        return paths.stream()
                .map(Path::of)
                .filter(Files::isRegularFile)
                .findFirst()
                .flatMap(LentProgram::load);
    }

    private static Optional<LentProgram> load(Path program) {
        try {
            Map<String, byte[]> files = new LinkedHashMap<>();
            byte[] bytes = Files.readAllBytes(program);
            Optional<ElfFile> elf = ElfFile.parse(bytes);
            Optional<String> linker = elf.flatMap(ElfFile::interpreter);
            if (linker.isEmpty()
                    || !addLibraries(elf.get(), Path.of(linker.get()).getFileName(), files)) {
                return Optional.empty();
            }
            List<byte[]> all = new ArrayList<>(List.of(Files.readAllBytes(Path.of(linker.get())), bytes));
            all.addAll(files.values());
            String name = String.valueOf(program.getFileName());
            return Optional.of(new LentProgram(
                    name,
                    all.stream()
                            .map(content -> FileCalls.sealedMemfd(name, content))
                            .toList()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @return false when one is not found */
    private static boolean addLibraries(ElfFile program, Path linker, Map<String, byte[]> files) throws IOException {
        Deque<String> wanted = new ArrayDeque<>(program.needed());
        while (!wanted.isEmpty()) {
            String library = wanted.pop();
            if (files.containsKey(library) || linker.equals(Path.of(library))) {
                continue; // the linker is a library as well
            }
            Optional<Path> found = LIBRARIES.stream()
                    .map(directory -> Path.of(directory, library))
                    .filter(Files::isRegularFile)
                    .findFirst();
            if (found.isEmpty() || files.size() >= MOST_FILES) {
                return false;
            }
            byte[] bytes = Files.readAllBytes(found.get());
            files.put(library, bytes);
            ElfFile.parse(bytes).map(ElfFile::needed).ifPresent(wanted::addAll);
        }
        return true;
    }

    /**
     * Adds the steps that execute it; what comes after them is for when they fail.
     *
     * @param first the number that the first descriptor has in the process
     */
    void execute(PlanBuilder plan, int first, Data environment) {
        List<Integer> rest =
                IntStream.range(first + 1, first + fds.size()).boxed().toList();
        rest.forEach(fd -> plan.call("keep " + name + " for its linker", Sys.FCNTL, fd, FcntlCommand.F_SETFD, 0)
                .ignoreErrors());
        String libraries = rest.stream().skip(1).map(LentProgram::path).collect(Collectors.joining(":"));
        Data argv = plan.strings(
                List.of(name, "--inhibit-cache", "--preload", libraries, "--argv0", name, path(rest.getFirst())));
        plan.call("execute the node's " + name, Sys.EXECVEAT, first, "", argv, environment, AtFlag.AT_EMPTY_PATH)
                .ignoreErrors();
    }

    private static String path(int fd) {
        return "/proc/self/fd/" + fd;
    }

    @Override
    public void close() {
        fds.forEach(Fd::close);
    }
}
