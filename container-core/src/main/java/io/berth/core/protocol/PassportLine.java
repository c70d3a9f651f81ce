// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

/**
 * One line of a passport.
 *
 * @param item what was looked at, such as {@code ids.uid_map}
 * @param found what the kernel said; printable ASCII
 * @param expected what policy wants, in the same words or as a sentence
 * @param verdict whether the two agree
 * @param reason why policy wants it
 */
public record PassportLine(String item, String found, String expected, Verdict verdict, String reason) {
    /** What a line comes to. */
    public enum Verdict {
        OK,
        DRIFT
    }

    /** Not named as a getter: it is no field of the message. */
    public boolean differs() {
        return verdict == Verdict.DRIFT;
    }
}
