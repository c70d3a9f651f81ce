// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** Hears how much a forwarded connection carried. */
@FunctionalInterface
interface ForwardNote {
    /**
     * @param in bytes from the client
     * @param out bytes to it
     */
    void ended(long in, long out);
}
