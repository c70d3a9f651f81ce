// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

/** What became of a resource. */
enum Change {
    CREATED,
    UPDATED,
    DELETED;

    /** What the two are for somebody who hears of both at once, and only then. */
    Change then(Change later) {
        return later == UPDATED ? this : later;
    }
}
