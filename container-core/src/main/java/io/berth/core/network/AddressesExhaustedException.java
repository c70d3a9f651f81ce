// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

/** Every IPv4 address of the node's net belongs to a container. */
public final class AddressesExhaustedException extends RuntimeException {
    AddressesExhaustedException(String message) {
        super(message);
    }
}
