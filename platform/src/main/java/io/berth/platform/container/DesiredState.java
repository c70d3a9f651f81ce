// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

/** What a container's tenant wants of it. */
enum DesiredState {
    RUNNING,
    STOPPED,
    DELETED
}
