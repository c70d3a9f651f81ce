// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import java.util.Locale;

/** What can be told; triggers tell it, under {@link #wire}. */
enum EventType {
    CONTAINER_CREATED,
    CONTAINER_STATE_CHANGED,
    CONTAINER_DELETED,
    OPERATION_FINISHED,
    INVOICE_FINAL,
    INVOICE_CORRECTED,
    INVOICE_PAID,
    BUDGET_ALERT,
    BUDGET_STEP,
    TENANT_STATE_CHANGED,
    /** Asked for by somebody who tries an endpoint. */
    ENDPOINT_TEST;

    /** As it stands in messages: {@code container.state_changed}. */
    String wire() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
    }

    static EventType of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
}
