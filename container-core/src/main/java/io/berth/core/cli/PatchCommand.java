// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Request;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "patch",
        description = "Deny a system call to every container, until the host's kernel is mended.",
        subcommands = {PatchCommand.Add.class, PatchCommand.Remove.class, PatchCommand.Show.class, PatchCommand.Ls.class
        })
final class PatchCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    BerthCommand berth;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    abstract static class OfCall implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        PatchCommand patch;

        @Parameters(paramLabel = "SYSCALL", description = "A name as in man 2 syscalls, such as vmsplice.")
        @SuppressWarnings("NullAway.Init")
        String call;

        void print(List<PatchCoverage> containers) {
            var out = patch.berth.out();
            out.printf("%-36s  %-30s  %s%n", "CONTAINER", "INIT SINCE", "LOGINS SINCE");
            for (PatchCoverage one : containers) {
                Object init = one.init() == null ? "its next start" : one.init();
                out.printf("%-36s  %-30s  %s%n", one.container(), init, one.logins());
            }
            out.flush();
        }
    }

    @Command(
            name = "add",
            description =
                    "Deny it: to logins from now on, to all else in a container from its next start on. Says who is covered.")
    static final class Add extends OfCall {
        @Override
        public void run() {
            print(patch.berth.agent().coverage(new Request.AddPatch(call)));
        }
    }

    @Command(name = "show", description = "Say which containers a patch covers.")
    static final class Show extends OfCall {
        @Override
        public void run() {
            print(patch.berth.agent().coverage(new Request.ShowPatch(call)));
        }
    }

    @Command(name = "rm", description = "Allow it again, in the same order.")
    static final class Remove extends OfCall {
        @Override
        public void run() {
            patch.berth.agent().done(new Request.RemovePatch(call));
        }
    }

    @Command(name = "ls", description = "List the virtual patches.")
    static final class Ls implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private PatchCommand patch;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        @Override
        public void run() {
            List<PatchStatus> all = patch.berth.agent().patches();
            if (json) {
                Json.print(patch.berth.out(), all);
                return;
            }
            all.forEach(one -> patch.berth.out().printf("%-30s  %s%n", one.call(), one.addedAt()));
            patch.berth.out().flush();
        }
    }
}
