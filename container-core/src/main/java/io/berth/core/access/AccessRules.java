// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import io.berth.core.spec.InvalidSpecException;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a key or certificate may be used for.
 *
 * @param from who may come with it; {@code from}
 * @param expiresAt good until then, null for ever; {@code expiry-time}
 * @param forcedCommand what runs whatever the client asks for, null for what it asks for; {@code command}
 * @param pty whether it may have a terminal; without {@code no-pty}
 * @param touch whether a security key must have been touched; without {@code no-touch-required}
 * @param pin whether a security key must have verified its owner, by PIN or fingerprint; {@code verify-required}
 */
public record AccessRules(
        Sources from,
        @Nullable Instant expiresAt,
        @Nullable String forcedCommand,
        boolean pty,
        boolean touch,
        boolean pin,
        ForwardingRules forwarding) {
    private static final int MOST_COMMAND_CHARACTERS = 4096;
    private static final char DELETE = 0x7f; // like all controls: it is shown on terminals

    public static final AccessRules EVERYTHING =
            new AccessRules(Sources.EVERYWHERE, null, null, true, true, false, ForwardingRules.EVERYTHING);

    public AccessRules {
        if (forcedCommand != null && !isCommand(forcedCommand)) {
            throw new InvalidSpecException(
                    "forcedCommand",
                    "is no command line; give 1 to " + MOST_COMMAND_CHARACTERS
                            + " characters without line breaks and controls");
        }
    }

    private static boolean isCommand(String text) {
        return !text.isBlank()
                && text.length() <= MOST_COMMAND_CHARACTERS
                && text.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == DELETE);
    }

    public boolean allowsFrom(InetAddress address) {
        return from.allow(address);
    }

    public boolean hasExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
