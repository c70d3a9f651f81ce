// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A squashfs image, by unsquashfs(1): what it would make is read from its own listing and held to the limits before it makes
 * anything. It writes by what it lists, and in the worker's confinement.
 */
final class Squashfs {
    private static final String PROGRAM = "/usr/bin/unsquashfs";
    /** Where the listing puts the root. */
    private static final String ROOT = "squashfs-root";
    /** {@code -rw-r--r-- 0/0    123 2026-01-02 03:04 squashfs-root/etc/passwd}; devices have MAJOR, MINOR for a size. */
    private static final Pattern LINE = Pattern.compile(
            "([-dlpscb])\\S{9} (\\d+)/(\\d+) +(?:(\\d+)|\\d+, *\\d+) \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d (.*)");

    private static final int IDS = 65536;

    private final Path image;
    private final Budget budget;
    private final Set<String> seen = new HashSet<>();

    Squashfs(Path image, Budget budget) {
        this.image = image;
        this.budget = budget;
    }

    void unpack(Path tree) throws IOException {
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new RefusedArchiveException("the host has no unsquashfs; run 'apt install squashfs-tools'");
        }
        run(List.of(PROGRAM, "-n", "-UTC", "-llnumeric", image.toString()), this::check);
        String[] last = {""};
        run(
                List.of(
                        PROGRAM,
                        "-n",
                        "-q",
                        "-f",
                        "-p",
                        "1",
                        "-da",
                        "64",
                        "-fr",
                        "64",
                        "-strict-errors",
                        "-d",
                        tree.toString(),
                        "-excludes",
                        image.toString(),
                        "dev/*"),
                line -> last[0] = line.isBlank() ? last[0] : line);
    }

    private void check(String line) {
        if (line.isBlank()) {
            return;
        }
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new RefusedArchiveException("unsquashfs lists " + quoted(line) + ", which is no file's line");
        }
        String type = parts.group(1);
        String name = type.equals("l") ? parts.group(5).split(" -> ", 2)[0] : parts.group(5);
        if (!name.startsWith(ROOT)) {
            throw new RefusedArchiveException(quoted(name) + " lies outside of the root");
        }
        TreePath path = TreePath.of(name.substring(ROOT.length()).replaceFirst("^/", ""));
        budget.entry();
        if (type.equals("-")) {
            String size = parts.group(4);
            budget.content(size == null || size.length() > 18 ? Long.MAX_VALUE : Long.parseLong(size));
        }
        if ((type.equals("c") || type.equals("b")) && !path.isBelow("dev")) {
            throw new RefusedArchiveException(path.shown() + " is a device, which no container can have");
        }
        requireId(parts.group(2), path);
        requireId(parts.group(3), path);
        if (!seen.add(path.toString())) {
            throw new RefusedArchiveException(path.shown() + " comes twice");
        }
    }

    private static void requireId(String id, TreePath path) {
        if (id.length() > 9 || Integer.parseInt(id) >= IDS) {
            throw new RefusedArchiveException(
                    path.shown() + " belongs to the id " + id + "; a container has ids up to " + (IDS - 1));
        }
    }

    /** Tells each line that it prints; its own words are the refusal when it fails. */
    private static void run(List<String> command, Consumer<String> line) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String last = "nothing";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 1 << 16)) {
            for (String next = lines.readLine(); next != null; next = lines.readLine()) {
                last = next.isBlank() ? last : next;
                line.accept(next);
            }
            if (process.waitFor() != 0) {
                throw new RefusedArchiveException("unsquashfs can't read it: " + quoted(last));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
