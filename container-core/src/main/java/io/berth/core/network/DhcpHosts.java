// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** What dnsmasq knows of containers: a file each, in the form of its --dhcp-host, in a directory that it watches. */
final class DhcpHosts {
    private final Path directory;

    DhcpHosts(Path directory) {
        this.directory = directory;
    }

    /** Readable for dnsmasq and for nobody else. */
    void prepare(Account account) throws IOException {
        Files.createDirectories(directory);
        PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        view.setGroup(account.group());
        view.setPermissions(PosixFilePermissions.fromString("rwxr-x---"));
    }

    /** A file that says so already is not touched: dnsmasq would keep what it read the first time, too, see dnsmasq(8). */
    void add(ContainerId id, MacAddress mac, Inet4Address ipv4) {
        Path file = file(id);
        String line = mac + "," + ipv4.getHostAddress() + "\n";
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(line)) {
                AtomicFile.write(file, line, "rw-r--r--"); // the directory keeps others out
            }
        } catch (IOException e) {
            throw new NetworkException("reading " + file + ": " + e.getMessage(), e);
        }
    }

    /** @return whether there was something to remove */
    boolean remove(ContainerId id) {
        try {
            return Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new NetworkException("removing " + file(id) + ": " + e.getMessage(), e);
        }
    }

    void clear() {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new NetworkException("clearing " + directory + ": " + e.getMessage(), e);
        }
    }

    private Path file(ContainerId id) {
        return directory.resolve(id.toString());
    }
}
