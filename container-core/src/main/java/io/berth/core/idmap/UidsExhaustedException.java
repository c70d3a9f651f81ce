// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

/** Every uid range of the pool is owned. */
public final class UidsExhaustedException extends RuntimeException {
    public UidsExhaustedException(String message) {
        super(message);
    }
}
