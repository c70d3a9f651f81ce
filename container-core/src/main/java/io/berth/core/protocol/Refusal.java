// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

/** Why a request was not done; the message beside it says what was wrong and the cure. */
public enum Refusal {
    /** The request itself is wrong. */
    INVALID,
    /** This peer may not ask that, or its ticket does not allow it. */
    FORBIDDEN,
    /** No such container, image or user. */
    NOT_FOUND,
    /** Not in the container's present state, or the name or id is taken by something else. */
    CONFLICT,
    /** A pool is full: uids, disk, processes. */
    EXHAUSTED,
    /** Asked too often. */
    TOO_MANY,
    /** The kernel or the host lacks something. */
    UNSUPPORTED,
    /** The agent failed; its log says more. */
    FAILED
}
