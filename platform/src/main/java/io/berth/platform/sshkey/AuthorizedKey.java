// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import org.jspecify.annotations.Nullable;

/**
 * One line as it stands in an authorized_keys file or a .pub file; AUTHORIZED_KEYS FILE FORMAT in sshd(8).
 *
 * @param rules null when no options stand before the key
 */
record AuthorizedKey(PublicKey key, @Nullable AccessRules rules) {
    /** @throws UnfitKeyException when it is no such line */
    static AuthorizedKey parse(String text) {
        String line = text.strip();
        int end = endOfOptions(line);
        String first = line.substring(0, end);
        if (!OptionsLine.isBegun(first)) {
            return new AuthorizedKey(PublicKey.parse(line), null);
        }
        return new AuthorizedKey(PublicKey.parse(line.substring(end)), new OptionsLine(first).rules());
    }

    /** The first blank outside of quotes. */
    private static int endOfOptions(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ' ' || c == '\t')) {
                return i;
            }
        }
        return line.length();
    }
}
