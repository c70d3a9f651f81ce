// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.client.AttachedProcess;
import io.berth.core.linux.Signal;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.GuestUser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "attach",
        description = "Log in to a running container, or run a command there; its exit status is passed on.")
final class AttachCommand implements Callable<Integer> {
    private static final int SIGNALLED = 128; // as a shell's $?

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            defaultValue = "root",
            description = "Whose login; default root.")
    @SuppressWarnings("NullAway.Init")
    private String user;

    @Parameters(index = "0", paramLabel = "ID|NAME")
    @SuppressWarnings("NullAway.Init")
    private String container;

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "Joined by blanks for the user's shell, as ssh does.")
    private @Nullable List<String> command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<LocalTerminal> terminal = LocalTerminal.find();
        var request = new AttachRequest(
                new GuestUser(user),
                command == null || command.isEmpty() ? null : String.join(" ", command),
                terminal.map(LocalTerminal::request).orElse(null),
                Map.of());
        try (AttachedProcess process =
                berth.agent().attachAsRoot(berth.find(container).id(), request)) {
            return status(terminal.isPresent() ? onTerminal(terminal.get(), process) : Relay.pipes(process));
        }
    }

    private static Reply.Exited onTerminal(LocalTerminal terminal, AttachedProcess process)
            throws IOException, InterruptedException {
        terminal.raw();
        try {
            return Relay.terminal(process, terminal);
        } finally {
            terminal.restore();
        }
    }

    private static int status(Reply.Exited exited) {
        String signal = exited.signal();
        Integer code = exited.code();
        if (signal != null) {
            return SIGNALLED + Signal.valueOf("SIG" + signal).number();
        }
        return code == null ? 255 : code;
    }
}
