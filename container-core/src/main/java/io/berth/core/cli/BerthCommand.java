// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.agent.AgentSettings;
import io.berth.core.agent.InvalidSettingException;
import io.berth.core.client.Agent;
import io.berth.core.client.AgentConnection;
import io.berth.core.client.AgentException;
import io.berth.core.doctor.HostSettings;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.spec.InvalidSpecException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code berth}: what the host's root can do without portal and REST. Exit status 1 for a "no", 2 for wrong usage. */
@Command(
        name = "berth",
        description = "Looks after the containers of this machine, as root.",
        subcommands = {
            CommandLine.HelpCommand.class,
            ListCommand.class,
            InspectCommand.class,
            IdsCommand.class,
            ImageCommand.class,
            AttachCommand.class,
            TextCommands.Console.class,
            TextCommands.Plan.class,
            DenialsCommand.class,
            ExceptionCommands.Grant.class,
            ExceptionCommands.Revoke.class,
            PatchCommand.class,
            LifeCommands.Start.class,
            LifeCommands.Stop.class,
            LifeCommands.Restart.class,
            LifeCommands.Freeze.class,
            LifeCommands.Thaw.class,
            LifeCommands.Delete.class,
            DevicesCommand.class,
            VolumeCommand.class,
            PortCommands.ListPorts.class,
            PortCommands.Publish.class,
            PortCommands.Unpublish.class,
            QuarantineCommands.Quarantine.class,
            QuarantineCommands.Release.class,
            SnapshotCommand.class,
            CopyCommands.Copy.class,
            CopyCommands.Rename.class,
            PassportCommand.class,
            LifeCommands.Shutdown.class,
            DoctorCommand.class,
            StatusCommand.class
        })
public final class BerthCommand implements Runnable {
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this; berth help COMMAND tells more.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the annotation
    private boolean help;

    @Option(names = "--debug", hidden = true, description = "Show where a failure came from.")
    private boolean debug;

    BerthCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        System.exit(commandLine(System.getenv()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var command = new BerthCommand(environment);
        return new CommandLine(command)
                .setExecutionExceptionHandler((e, line, parsed) -> command.failed(e, line))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** One line for what can be expected; the rest says how to see more. */
    private int failed(Exception e, CommandLine line) throws Exception {
        if (debug) {
            throw e;
        }
        String message = switch (e) {
            case AgentException _,
                    InvalidSettingException _,
                    InvalidSpecException _,
                    NoSuchContainerException _,
                    SyscallException _ -> String.valueOf(e.getMessage());
            default -> e + "; berth --debug shows where";
        };
        line.getErr().println("berth: " + Printable.line(message));
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    HostSettings host() {
        return HostSettings.from(environment);
    }

    Agent agent() {
        return new AgentConnection(AgentSettings.from(environment).socket());
    }

    ContainerStatus find(String idOrName) {
        return Lookup.find(agent(), idOrName);
    }
}
