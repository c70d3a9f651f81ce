// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

/**
 * How often a peer may ask for something.
 *
 * @param burst at once, after a quiet time
 * @param perSecond in the long run
 */
record Rate(int burst, double perSecond) {
    Rate {
        if (burst < 1 || perSecond <= 0) {
            throw new IllegalArgumentException("a rate allows something: " + burst + ", " + perSecond);
        }
    }
}
