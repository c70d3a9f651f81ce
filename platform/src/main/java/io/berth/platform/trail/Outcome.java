// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

/** What came of a request. */
public enum Outcome {
    DONE,
    /** The client may not, or asked for something wrong. */
    REFUSED,
    /** The platform could not. */
    FAILED;

    static Outcome of(int status) {
        if (status < 400) {
            return DONE;
        }
        return status < 500 ? REFUSED : FAILED;
    }
}
