// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Spawn;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.pty.PtyPair;
import io.berth.core.pty.TerminalModes;
import io.berth.core.pty.WindowSize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An agent whose only container is this machine: processes run as this user, over real pipes and real terminals. */
final class LocalAgent implements Attacher {
    final List<String> tickets = new CopyOnWriteArrayList<>();
    volatile @Nullable AgentException refusal;
    /** Of whoever logs in. */
    volatile String home = "/";

    volatile String path = "/usr/bin:/bin";
    /** What runs, whatever is asked for. */
    volatile @Nullable String instead;

    @Override
    public AttachedProcess attach(String ticket, AttachRequest request) {
        tickets.add(ticket);
        AgentException refused = refusal;
        if (refused != null) {
            throw refused;
        }
        return request.pty() == null ? withPipes(request) : withTerminal(request, request.pty());
    }

    private AttachedProcess withPipes(AttachRequest request) {
        Pipe in = FileCalls.pipe2();
        Pipe out = FileCalls.pipe2();
        Pipe err = FileCalls.pipe2();
        try (Fd shell = open("/usr/bin/env");
                Fd stdin = in.readEnd();
                Fd stdout = out.writeEnd();
                Fd stderr = err.writeEnd()) {
            var child = Spawn.spawn(shell, argv(request, List.of()), List.of(stdin, stdout, stderr));
            return LocalProcess.withPipes(child, in.writeEnd(), out.readEnd(), err.readEnd());
        }
    }

    private AttachedProcess withTerminal(AttachRequest request, PtyRequest terminal) {
        var size = new WindowSize(terminal.columns(), terminal.rows(), terminal.widthPixels(), terminal.heightPixels());
        try (Fd devpts = FileCalls.openat("/dev/pts", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
                Fd shell = open("/usr/bin/env")) {
            PtyPair pair = PtyPair.open(devpts, size, 0, 5);
            try (Fd slave = pair.slave()) {
                TerminalModes.parse(terminal.modes()).apply(slave);
                // Spawn has made a session already, so setsid forks; it waits and hands on the exit status
                var child = Spawn.spawn(
                        shell,
                        argv(request, List.of("/usr/bin/setsid", "--ctty", "--wait")),
                        List.of(slave, slave, slave));
                return LocalProcess.withTerminal(child, pair.master());
            }
        }
    }

    private List<String> argv(AttachRequest request, List<String> before) {
        List<String> argv = new ArrayList<>(List.of("env", "-i", "PATH=" + path, "HOME=" + home));
        request.environment().forEach((name, value) -> argv.add(name + "=" + value));
        if (request.pty() != null) {
            argv.add("TERM=" + request.pty().term());
        }
        argv.addAll(before);
        String other = instead;
        if (other != null) {
            argv.add(other);
        } else if (request.subsystem() != null) {
            argv.add("/usr/lib/openssh/sftp-server");
        } else {
            argv.addAll(
                    request.command() == null
                            ? List.of("/bin/bash", "-l")
                            : List.of("/bin/bash", "-c", request.command()));
        }
        return argv;
    }

    private static Fd open(String path) {
        return FileCalls.openat(path, OpenFlag.O_RDONLY, OpenFlag.O_CLOEXEC);
    }
}
