// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Debian's suites that an image can be built of. */
enum DebianSuite {
    BULLSEYE,
    BOOKWORM,
    TRIXIE,
    SID;

    /** What the public container images have: init, a message bus, logins, the network's tools and an editor. */
    private static final List<String> PACKAGES = List.of(
            "ca-certificates",
            "dbus",
            "iproute2",
            "iputils-ping",
            "less",
            "libnss-myhostname",
            "libpam-systemd",
            "nano",
            "netbase",
            "openssh-sftp-server",
            "procps",
            "sudo",
            "systemd",
            "systemd-sysv");

    String codename() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> packages() {
        List<String> packages = new ArrayList<>(PACKAGES);
        if (this != BULLSEYE) { // there it is part of systemd
            packages.add("systemd-resolved");
        }
        return packages;
    }

    boolean hasUpdates() {
        return this != SID;
    }
}
