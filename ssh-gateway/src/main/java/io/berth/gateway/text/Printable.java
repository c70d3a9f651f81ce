// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.text;

/** Text from outside, made fit for one field of a log line or of an error. */
public final class Printable {
    private static final int MOST_CHARACTERS = 200;

    private Printable() {}

    /** Without control characters and blanks, which could forge further fields and lines; cut to 200 characters. */
    public static String of(String text) {
        var out = new StringBuilder();
        text.codePoints()
                .limit(MOST_CHARACTERS)
                .map(c -> c <= ' ' || c == 0x7f || !isVisible(c) ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** One line for a terminal: blanks stay, what could steer the terminal goes. */
    public static String line(String text) {
        var out = new StringBuilder();
        text.codePoints().map(c -> isVisible(c) ? c : ' ').forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
