// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.runtime.ContainerException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The bounds of what a request's types leave open: numbers and texts. Each refusal names the field. */
final class RequestCheck {
    private static final long MOST_ID = 0xffff_fffeL; // (uid_t) -1 is no id, see setresuid(2)
    private static final int MOST_GRACE_SECONDS = 600;
    private static final int MOST_CONSOLE_BYTES = 32_768;
    private static final int MOST_COMMAND_CHARACTERS = 65_536;
    private static final int MOST_VARIABLES = 64;
    private static final int MOST_VALUE_CHARACTERS = 4_096;
    private static final int MOST_SIZE =
            65_535; // struct winsize has unsigned shorts, include/uapi/asm-generic/termios.h
    private static final int MOST_MODE_BYTES = 1_024; // 256 opcodes of 5 bytes would be more than any client sends
    private static final int MOST_PORT = 65_535;
    private static final int MOST_SOCKET_PATH_BYTES = 107; // sockaddr_un.sun_path less its NUL, include/uapi/linux/un.h
    /** A DNS name, an address of either family; nothing that a program could take for an option. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_:][A-Za-z0-9._:-]{0,254}");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern CALL = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
    private static final Pattern TERM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}|");

    /** RFC 4254, 6.10, and the two that a user interface needs to suspend and resume. */
    private static final Set<String> SIGNALS = Set.of(
            "ABRT", "ALRM", "CONT", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "STOP", "TERM", "TSTP",
            "USR1", "USR2", "WINCH");

    private RequestCheck() {}

    /** @throws ContainerException INVALID */
    static void check(Request request) {
        switch (request) {
            case Request.Stop(var _, int grace) -> graceSeconds(grace);
            case Request.Restart(var _, int grace) -> graceSeconds(grace);
            case Request.Shutdown(int grace) -> graceSeconds(grace);
            case Request.ListIdRanges(long after) ->
                require(after >= 0 && after <= MOST_ID, "after", after + " is out of range; it is 0 to " + MOST_ID);
            case Request.ConsoleLog(var _, int bytes) -> within("maxBytes", bytes, 1, MOST_CONSOLE_BYTES);
            case Request.Attach(var _, var attach) -> attach(attach);
            case Request.AttachAsRoot(var _, var attach) -> attach(attach);
            case Request.Signal(String name) ->
                require(
                        SIGNALS.contains(name),
                        "name",
                        "is no signal that can be sent; use one of RFC 4254, 6.10, such as TERM");
            case Request.Connect(var _, var _, var to) -> connectTo(to);
            case Request.Listen(var _, var _, var at) -> listenAt(at);
            case Request.Grant(var _, String rule, var _) -> callName("rule", rule);
            case Request.Revoke(var _, String rule) -> callName("rule", rule);
            case Request.AddPatch(String call) -> callName("call", call);
            case Request.RemovePatch(String call) -> callName("call", call);
            case Request.ShowPatch(String call) -> callName("call", call);
            case Request.Metered(var _, long number, int skip) -> {
                require(number >= 0, "number", number + " is out of range; it is 0 or more");
                require(skip >= 0, "skip", skip + " is out of range; it is 0 or more");
            }
            case Request.Create _,
                    Request.Start _,
                    Request.Freeze _,
                    Request.Thaw _,
                    Request.Resize _,
                    Request.ChangeDevices _,
                    Request.ChangeVolumes _,
                    Request.ChangeNetworkRules _,
                    Request.CreateVolume _,
                    Request.ResizeVolume _,
                    Request.DeleteVolume _,
                    Request.ListVolumes _,
                    Request.Delete _,
                    Request.Inspect _,
                    Request.ListContainers _,
                    Request.DescribeBirth _,
                    Request.Denials _,
                    Request.ListPatches _,
                    Request.Passport _,
                    Request.Quarantine _,
                    Request.Release _,
                    Request.ListSnapshots _,
                    Request.TakeSnapshot _,
                    Request.DeleteSnapshot _,
                    Request.Restore _,
                    Request.Copy _,
                    Request.Rename _,
                    Request.Usage _,
                    Request.ListUsage _,
                    Request.Disk _,
                    Request.ListDisks _,
                    Request.DescribeHost _,
                    Request.ExamineHost _,
                    Request.ListImages _,
                    Request.BuildImage _,
                    Request.ImportImage _,
                    Request.DeleteImage _,
                    Request.Watch _,
                    Request.Ping _ -> {} // their types leave nothing open
        }
    }

    private static void callName(String field, String name) {
        require(CALL.matcher(name).matches(), field, "is no system call's name, such as io_uring_setup");
    }

    private static void graceSeconds(int seconds) {
        within("graceSeconds", seconds, 0, MOST_GRACE_SECONDS);
    }

    private static void attach(AttachRequest attach) {
        String command = attach.command();
        if (command != null) {
            text("attach.command", command, MOST_COMMAND_CHARACTERS);
        }
        PtyRequest pty = attach.pty();
        require(
                attach.subsystem() == null || (command == null && pty == null),
                "attach.subsystem",
                "comes with a command or a terminal; it takes neither");
        if (pty != null) {
            pty(pty);
        }
        environment(attach.environment());
    }

    private static void connectTo(Endpoint to) {
        switch (to) {
            case Endpoint.Tcp(String host, int port) -> {
                require(HOST.matcher(host).matches(), "to.host", "is no host's name and no address");
                within("to.port", port, 1, MOST_PORT);
            }
            case Endpoint.Unix(String path) -> socketPath("to.path", path);
            case Endpoint.Private _ ->
                throw new ContainerException(Refusal.INVALID, "to: a private socket can only be listened at");
        }
    }

    private static void listenAt(Endpoint at) {
        switch (at) {
            case Endpoint.Tcp(String host, int port) -> {
                require(host.isEmpty() || HOST.matcher(host).matches(), "at.host", "is no address");
                within("at.port", port, 0, MOST_PORT);
            }
            case Endpoint.Unix(String path) -> socketPath("at.path", path);
            case Endpoint.Private _ -> {} // the agent chooses
        }
    }

    private static void socketPath(String field, String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        require(
                bytes > 0 && bytes <= MOST_SOCKET_PATH_BYTES,
                field,
                "has " + bytes + " bytes; a Unix socket's path has 1 to " + MOST_SOCKET_PATH_BYTES);
        require(path.indexOf('\0') < 0, field, "has a NUL, which no path can hold");
    }

    private static void pty(PtyRequest pty) {
        require(TERM.matcher(pty.term()).matches(), "attach.pty.term", "is no terminal's name, such as xterm-256color");
        within("attach.pty.columns", pty.columns(), 0, MOST_SIZE);
        within("attach.pty.rows", pty.rows(), 0, MOST_SIZE);
        within("attach.pty.widthPixels", pty.widthPixels(), 0, MOST_SIZE);
        within("attach.pty.heightPixels", pty.heightPixels(), 0, MOST_SIZE);
        require(pty.modes().length <= MOST_MODE_BYTES, "attach.pty.modes", "is longer than " + MOST_MODE_BYTES);
    }

    private static void environment(Map<String, String> environment) {
        require(
                environment.size() <= MOST_VARIABLES,
                "attach.environment",
                "has more than " + MOST_VARIABLES + " variables");
        environment.forEach((name, value) -> {
            require(VARIABLE.matcher(name).matches(), "attach.environment", "has a name that is no variable's");
            text("attach.environment." + name, value, MOST_VALUE_CHARACTERS);
        });
    }

    private static void text(String field, String value, int mostCharacters) {
        require(value.length() <= mostCharacters, field, "is longer than " + mostCharacters + " characters");
        require(value.indexOf('\0') < 0, field, "has a NUL, which no argument of a program can hold");
    }

    private static void within(String field, int value, int least, int most) {
        require(value >= least && value <= most, field, value + " is out of range; it is " + least + " to " + most);
    }

    private static void require(boolean holds, String field, String otherwise) {
        if (!holds) {
            throw new ContainerException(Refusal.INVALID, field + ": " + otherwise);
        }
    }
}
