// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.spec.ContainerName;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An SSH user name: {@code [guestUser+]container[.tenant]}.
 *
 * @param tenant null when it names none: the key says whose container it is
 */
record LoginName(
        GuestUser guestUser,
        ContainerName container,
        @Nullable TenantName tenant) {
    private static final Pattern FORM = Pattern.compile("(?:([^+.]*)\\+)?([^+.]*)(?:\\.([^+.]*))?");
    private static final GuestUser ROOT = new GuestUser("root");

    /** No container. */
    static final LoginName LOBBY = new LoginName(ROOT, ContainerName.LOBBY, null);

    /** @throws InvalidSpecException when it is no such name */
    static LoginName parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new InvalidSpecException("userName", "'" + text + "' is no login name");
        }
        String tenant = parts.group(3);
        return new LoginName(
                parts.group(1) == null ? ROOT : new GuestUser(parts.group(1)),
                new ContainerName(parts.group(2)),
                tenant == null ? null : new TenantName(tenant));
    }

    boolean isLobby() {
        return guestUser.equals(ROOT) && container.equals(ContainerName.LOBBY);
    }

    /** Neither user nor tenant was named: it may be just what the client's own user is called. */
    boolean isBare() {
        return guestUser.equals(ROOT) && tenant == null;
    }
}
