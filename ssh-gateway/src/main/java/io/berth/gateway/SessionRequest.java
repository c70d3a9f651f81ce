// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.PtyRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a client asks for before it starts a shell or a command: RFC 4254, sections 6.2 and 6.4. */
final class SessionRequest {
    /** Names of variables that a client may set, as in Debian's sshd_config, and COLORTERM. TERM comes with the terminal. */
    static final List<Pattern> ENVIRONMENT =
            List.of(Pattern.compile("LANG"), Pattern.compile("LC_[A-Z]{1,32}"), Pattern.compile("COLORTERM"));

    private static final int MOST_VARIABLES = 32;
    private static final int MOST_VALUE_CHARACTERS = 256;
    private static final int MOST_MODE_BYTES = 1024; // 255 opcodes of 5 bytes are more than there are
    private static final int MOST_COMMAND_BYTES = 64 * 1024; // what the agent takes
    private static final int MOST_SIZE = 65_535; // struct winsize holds 16 bits
    private static final String SFTP_COMMAND = "internal-sftp"; // sshd's name for it
    private static final Pattern TERM = Pattern.compile("[A-Za-z0-9._+-]{0,64}");

    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable PtyRequest pty;
    private boolean agent;
    private @Nullable X11Request x11;

    /** @return whether it is on the list; what is not is ignored, as sshd does */
    boolean env(Buffer buffer) {
        String name = buffer.getString();
        String value = buffer.getString();
        boolean allowed =
                ENVIRONMENT.stream().anyMatch(form -> form.matcher(name).matches())
                        && value.length() <= MOST_VALUE_CHARACTERS
                        && value.indexOf('\0') < 0
                        && environment.size() < MOST_VARIABLES;
        if (allowed) {
            environment.put(name, value);
        }
        return allowed;
    }

    boolean pty(Buffer buffer) {
        String term = buffer.getString();
        WindowSize size = WindowSize.from(buffer);
        byte[] modes = buffer.getBytes();
        if (pty != null || !TERM.matcher(term).matches() || modes.length > MOST_MODE_BYTES) {
            return false;
        }
        pty = new PtyRequest(term, size.columns(), size.rows(), size.widthPixels(), size.heightPixels(), modes);
        return true;
    }

    @Nullable
    PtyRequest pty() {
        return pty;
    }

    /** Asks for the client's ssh-agent. */
    boolean agent() {
        agent = true;
        return true;
    }

    boolean wantsAgent() {
        return agent;
    }

    /** Asks for the client's display, once. */
    boolean x11(Buffer buffer) {
        if (x11 == null) {
            x11 = X11Request.from(buffer).orElse(null);
            return x11 != null;
        }
        return false;
    }

    @Nullable
    X11Request x11() {
        return x11;
    }

    Map<String, String> environment() {
        return environment;
    }

    /**
     * What is asked of the agent, by the rules as they are now: they may have changed since the connection's login. A forced command
     * finds what the client wanted in SSH_ORIGINAL_COMMAND, as with sshd.
     *
     * @param subsystem what runs instead of a shell; over pipes, whatever terminal was asked for
     * @param variables the connection's own
     */
    AttachRequest limited(
            Decision.Admitted admitted,
            @Nullable String command,
            @Nullable Subsystem subsystem,
            Map<String, String> variables) {
        String forced = admitted.rules().forcedCommand();
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(variables);
        String wanted = subsystem == Subsystem.SFTP ? SFTP_COMMAND : command;
        if (forced != null && wanted != null) {
            all.put("SSH_ORIGINAL_COMMAND", wanted);
        }
        return new AttachRequest(
                admitted.user(),
                forced == null ? command : forced,
                forced == null ? subsystem : null,
                admitted.rules().pty() && subsystem == null ? pty : null,
                all);
    }

    /** Whether the command can be carried: it has no NUL, which no command line can hold, and is not too long. */
    static boolean isCommand(String command) {
        return command.indexOf('\0') < 0 && command.getBytes(StandardCharsets.UTF_8).length <= MOST_COMMAND_BYTES;
    }

    /** A terminal's size in characters and pixels, each cut to what the kernel can hold. */
    record WindowSize(int columns, int rows, int widthPixels, int heightPixels) {
        static WindowSize from(Buffer buffer) {
            return new WindowSize(
                    bounded(buffer.getUInt()),
                    bounded(buffer.getUInt()),
                    bounded(buffer.getUInt()),
                    bounded(buffer.getUInt()));
        }

        private static int bounded(long value) {
            return (int) Math.min(value, MOST_SIZE);
        }
    }
}
