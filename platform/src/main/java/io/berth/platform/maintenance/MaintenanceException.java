// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

/** It can't be done, or what was read is not what it should be; the message names the cure. */
final class MaintenanceException extends RuntimeException {
    MaintenanceException(String message) {
        super(message);
    }
}
