// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import java.util.regex.Pattern;

/** Text that tenants may have written, made harmless for root's terminal: no escape sequence survives. */
final class Printable {
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u202a-\\u202e\\u2066-\\u2069&&[^\\n\\t]]");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\n\\t]+");

    private Printable() {}

    /** Keeps line breaks and tabs. */
    static String text(String text) {
        return CONTROL.matcher(text.replace("\r\n", "\n"))
                .replaceAll(
                        match -> String.format("\\\\x%02x", (int) match.group().charAt(0)));
    }

    static String line(String text) {
        return LINE_BREAK.matcher(text(text)).replaceAll(" ");
    }
}
