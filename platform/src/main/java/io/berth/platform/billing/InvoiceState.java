// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** Whether an invoice can still change. */
enum InvoiceState {
    /** Computed anew whenever somebody asks for it. */
    DRAFT,
    FINAL
}
