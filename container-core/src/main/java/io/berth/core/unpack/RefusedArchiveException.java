// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

/** The archive can't become an image; the message says which entry and why, and is fit for a terminal. */
final class RefusedArchiveException extends RuntimeException {
    private static final int CHARACTERS = 200;

    RefusedArchiveException(String message) {
        super(message);
    }

    RefusedArchiveException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A name of the archive's, in quotes; what steers a terminal is shown as a question mark. */
    static String quoted(String name) {
        String printable = name.codePoints()
                .map(character ->
                        Character.isISOControl(character) || !Character.isDefined(character) ? '?' : character)
                .limit(CHARACTERS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "'" + printable + (printable.length() < name.length() ? "…" : "") + "'";
    }
}
