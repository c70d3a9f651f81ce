// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.GuestUser;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to run inside a container and with which terminal.
 *
 * @param user whose login it is, looked up in the container's own passwd
 * @param command the line that the user's shell runs ({@code shell -c command}); null for a login shell
 * @param pty the terminal; null for three pipes
 * @param subsystem what is executed instead of the user's shell; null for the shell
 * @param environment variables the client sent, already filtered by the gateway; HOME, USER, LOGNAME, SHELL, PATH and TERM are
 *     set by the agent and win
 */
public record AttachRequest(
        GuestUser user,
        @Nullable String command,
        @Nullable Subsystem subsystem,
        @Nullable PtyRequest pty,
        Map<String, String> environment) {
    public AttachRequest {
        environment = Map.copyOf(environment);
    }

    /** A shell, or a command line for it. */
    public AttachRequest(
            GuestUser user, @Nullable String command, @Nullable PtyRequest pty, Map<String, String> environment) {
        this(user, command, null, pty, environment);
    }

    /** Whether it is a person's terminal: a login shell, and neither a command nor pipes. */
    public boolean wantsLoginShell() {
        return command == null && subsystem == null && pty != null;
    }

    /** RFC 4254, section 6.5. */
    public enum Subsystem {
        /** The container's own sftp-server(8). */
        SFTP
    }
}
