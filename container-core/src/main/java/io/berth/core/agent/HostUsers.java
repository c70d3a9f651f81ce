// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** The host's own users: passwd(5). The launcher makes Berth's as system users, so no name service is asked. */
public final class HostUsers {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private final List<String> lines;

    HostUsers(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    public static HostUsers read() {
        try {
            return new HostUsers(Files.readAllLines(PASSWD));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + PASSWD, e);
        }
    }

    /** Empty when there is no such user. */
    public OptionalInt find(String name) {
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length == 7 && fields[0].equals(name) && fields[2].matches("[0-9]{1,9}"))
                .mapToInt(fields -> Integer.parseInt(fields[2]))
                .findFirst();
    }

    /** @param variable the setting that names the user, for the cure */
    int uid(String variable, String name) {
        return find(name)
                .orElseThrow(() -> new InvalidSettingException(
                        variable,
                        name,
                        "there is no such user on this host: ./berth up makes it, or useradd --system"));
    }
}
