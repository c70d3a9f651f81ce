// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

/** What was asked for cannot be expressed; {@link #field()} names the part that was wrong, the message says why and the cure. */
public final class InvalidSpecException extends IllegalArgumentException {
    private final String field;

    public InvalidSpecException(String field, String message) {
        super(field + ": " + message);
        this.field = field;
    }

    /** The offending field's name as it stands in JSON, such as {@code memoryBytes}. */
    public String field() {
        return field;
    }
}
