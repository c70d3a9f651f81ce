// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.spec.ContainerName;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A login name that a certificate is good for: {@code USER+CONTAINER.TENANT}. ssh-keygen -L shows it so.
 *
 * @param user {@code *} for every one
 * @param container {@code *} for every one
 */
record Principal(String user, String container, TenantName tenant) {
    private static final Pattern ASKED = Pattern.compile("(?:([^+.]*)\\+)?([^+.]*)");
    private static final Pattern WRITTEN = Pattern.compile("([^+.]*)\\+([^+.]*)\\.([^+.]*)");
    private static final String ANY = "*";

    Principal {
        if (!user.equals(ANY)) {
            new GuestUser(user);
        }
        if (!container.equals(ANY)) {
            new ContainerName(container);
        }
    }

    static Principal everything(TenantName tenant) {
        return new Principal(ANY, ANY, tenant);
    }

    /**
     * As somebody asks for one: {@code web}, {@code www-data+web}, {@code root+*}.
     *
     * @throws InvalidSpecException when it is no such name
     */
    static Principal asked(String text, TenantName tenant) {
        Matcher parts = ASKED.matcher(text);
        if (!parts.matches()) {
            throw new InvalidSpecException(
                    "principals", "is no login name; give CONTAINER or USER+CONTAINER, * for any");
        }
        return new Principal(parts.group(1) == null ? "root" : parts.group(1), parts.group(2), tenant);
    }

    /** @throws InvalidSpecException when it is none of ours */
    static Principal written(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            throw new InvalidSpecException("principals", "is none of the platform's");
        }
        return new Principal(parts.group(1), parts.group(2), new TenantName(parts.group(3)));
    }

    boolean covers(GuestUser otherUser, ContainerName otherContainer) {
        return (user.equals(ANY) || user.equals(otherUser.value()))
                && (container.equals(ANY) || container.equals(otherContainer.value()));
    }

    @Override
    public String toString() {
        return user + "+" + container + "." + tenant;
    }
}
