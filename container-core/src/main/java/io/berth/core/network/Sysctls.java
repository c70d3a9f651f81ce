// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The host's settings that a network has to change, with a note of what they were. The note lives in the run directory: neither it
 * nor the settings survive a reboot.
 */
final class Sysctls {
    private static final Path ROOT = Path.of("/proc/sys");

    private final Path note;

    Sysctls(Path note) {
        this.note = note;
    }

    /** What a setting was and what it was set to. */
    private record Change(String before, String after) {}

    static Optional<String> read(String key) {
        Path file = ROOT.resolve(key);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new NetworkException("reading " + file + ": " + e.getMessage(), e);
        }
    }

    /** For good, as for settings that go with their interface. */
    static void write(String key, String value) {
        Path file = ROOT.resolve(key);
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new NetworkException("writing " + value + " to " + file + ": " + e.getMessage(), e);
        }
    }

    /** Changes a setting until {@link #restore()}; one that is so already belongs to somebody else and stays so. */
    void change(String key, String value) {
        String before = read(key).orElseThrow(() -> new NetworkException("the kernel lacks the setting " + key));
        if (before.equals(value)) {
            return;
        }
        Map<String, Change> changes = load();
        Change earlier = changes.get(key);
        // an earlier agent's note is nearer to the truth than what holds now
        changes.put(key, new Change(earlier == null ? before : earlier.before, value));
        save(changes);
        write(key, value);
    }

    /** Lets routers' advertisements go on reaching an interface when the host forwards: 1 means "unless forwarding". */
    void keepRouterAdvertisements(String except) {
        Path conf = ROOT.resolve("net/ipv6/conf");
        try (Stream<Path> interfaces = Files.list(conf)) {
            interfaces
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !List.of("all", "default", "lo", except).contains(name))
                    .map(name -> "net/ipv6/conf/" + name + "/accept_ra")
                    .filter(key -> read(key).equals(Optional.of("1")))
                    .forEach(key -> change(key, "2"));
        } catch (IOException e) {
            throw new NetworkException("listing " + conf + ": " + e.getMessage(), e);
        }
    }

    /** Puts back what was changed, the latest first, except what somebody else has changed since. */
    void restore() {
        List<Map.Entry<String, Change>> changes = new ArrayList<>(load().entrySet());
        for (Map.Entry<String, Change> entry : changes.reversed()) {
            Change change = entry.getValue();
            if (read(entry.getKey()).equals(Optional.of(change.after))) { // empty if its interface is gone
                write(entry.getKey(), change.before);
            }
        }
        remove();
    }

    /** Leaves it to another instance on this host, which needs the settings still, to put them back. */
    void handOver(Path otherNote) {
        var other = new Sysctls(otherNote);
        Map<String, Change> changes = load();
        changes.putAll(other.load()); // what it changed itself it knows better
        other.save(changes);
        remove();
    }

    private void remove() {
        try {
            Files.deleteIfExists(note);
        } catch (IOException e) {
            throw new NetworkException("removing " + note + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Change> load() {
        Map<String, Change> changes = new LinkedHashMap<>();
        try {
            if (Files.exists(note)) {
                for (String line : Files.readAllLines(note)) {
                    String[] fields = line.split(" ", -1);
                    if (fields.length == 3) {
                        changes.put(fields[0], new Change(fields[1], fields[2]));
                    }
                }
            }
            return changes;
        } catch (IOException e) {
            throw new NetworkException("reading " + note + ": " + e.getMessage(), e);
        }
    }

    private void save(Map<String, Change> changes) {
        var text = new StringBuilder();
        changes.forEach((key, change) -> text.append(key)
                .append(' ')
                .append(change.before)
                .append(' ')
                .append(change.after)
                .append('\n'));
        AtomicFile.write(note, text.toString(), "rw-------");
    }
}
