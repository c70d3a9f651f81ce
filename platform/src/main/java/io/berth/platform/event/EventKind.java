// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.util.Locale;

/** What events are about. */
public enum EventKind {
    CONTAINER,
    OPERATION,
    NODE,
    IMAGE,
    DRIFT,
    VOLUME;

    /** The name of the event in a stream. */
    String eventName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
