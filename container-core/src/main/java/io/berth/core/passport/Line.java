// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.regex.Pattern;

/**
 * One thing that was looked at: what the kernel said, what policy wants and why.
 *
 * @param item a stable name, such as {@code namespace.mnt}
 * @param found in printable ASCII, whatever a tenant has named things
 * @param holds whether the two agree
 */
public record Line(String item, String found, String expected, boolean holds, String reason) {
    private static final int MOST_CHARACTERS = 256; // with 200 lines a passport fits one packet of the agent's protocol
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[^\\x20-\\x7e]|[\"\\\\]"); // nothing that JSON makes longer

    public Line {
        item = plain(item);
        found = plain(found);
        expected = plain(expected);
    }

    /** Holds when what was found is what was expected. */
    public static Line of(String item, String found, String expected, String reason) {
        return new Line(item, found, expected, found.equals(expected), reason);
    }

    private static String plain(String text) {
        String printable = UNPRINTABLE.matcher(text).replaceAll("?");
        return printable.length() <= MOST_CHARACTERS ? printable : printable.substring(0, MOST_CHARACTERS - 3) + "...";
    }
}
