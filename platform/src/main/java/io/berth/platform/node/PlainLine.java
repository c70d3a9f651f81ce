// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

/** Why an operator decided something, in one line. It is read at terminals too: nothing that moves a cursor passes. */
public final class PlainLine {
    public static final String FORM = "(?=.*\\S)[\\p{L}\\p{N}\\p{P}\\p{S} ]{1,200}";
    public static final String WISH = "write one line of 1 to 200 letters, digits, punctuation and blanks";

    private PlainLine() {}
}
