// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Runs a container's own sftp-server(8), as sshd's Subsystem line does, but not by the user's shell: what a .bashrc prints would be
 * taken for the protocol. A container that has none is lent the host's.
 */
final class SftpServer {
    /** Where distributions have it. */
    static final List<String> PATHS = List.of(
            "/usr/lib/openssh/sftp-server", // Debian, Ubuntu
            "/usr/libexec/openssh/sftp-server", // Fedora and its kin
            "/usr/lib/ssh/sftp-server", // Alpine, Arch, openSUSE
            "/usr/libexec/ssh/sftp-server", // openSUSE since 15.5
            "/usr/libexec/sftp-server", // FreeBSD's and OpenBSD's place, Void
            "/usr/lib/misc/sftp-server", // Gentoo
            "/run/current-system/sw/libexec/sftp-server"); // NixOS

    /** What a shell says of a command that is not there. */
    private static final int NOT_FOUND = 127;

    private static final String CURE =
            "berth: this container has no sftp-server; install it inside (Debian: apt install openssh-sftp-server;"
                    + " Alpine: apk add openssh-sftp-server; Fedora: dnf install openssh-server)\n";

    private SftpServer() {}

    /** @param lentAt the number that the first descriptor of what is lent has in the process */
    static void execute(PlanBuilder plan, List<String> environment, Optional<LentProgram> lent, int lentAt) {
        var argv = plan.strings(List.of("sftp-server"));
        var variables = plan.strings(environment);
        for (String path : PATHS) {
            plan.call("execute '" + path + "'", Sys.EXECVE, path, argv, variables)
                    .ignoreErrors();
        }
        lent.ifPresent(program -> program.execute(plan, lentAt, variables));
        int length = CURE.getBytes(StandardCharsets.UTF_8).length;
        plan.call("say what is missing", Sys.WRITE, 2, CURE, length).end(NOT_FOUND);
    }
}
