// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** What time is charged in. */
enum Granularity {
    SECOND,
    /** Each begun hour of each container is charged whole, at what it had on average while it had it. */
    HOUR
}
