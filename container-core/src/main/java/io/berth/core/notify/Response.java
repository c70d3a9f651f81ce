// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Errno;

/** What a caller is told. */
sealed interface Response {
    /** The call did what it should. */
    record Done() implements Response {}

    /** The call did what it should, and returns that. */
    record Returned(long value) implements Response {}

    /** It failed. */
    record Failed(Errno errno) implements Response {}

    /** It is not for containers: EPERM, counted. */
    record Denied(String reason) implements Response {}

    /**
     * The kernel carries the call out itself.
     *
     * @param because why nothing can change between decision and call that would turn a "no" into a "yes"
     */
    record LetThrough(String because) implements Response {}

    Response DONE = new Done();
    Response EPERM = new Failed(Errno.EPERM);
}
