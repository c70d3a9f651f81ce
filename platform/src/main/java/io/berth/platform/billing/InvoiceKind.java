// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** Each kind has a series of numbers of its own. */
enum InvoiceKind {
    INVOICE("INV"),
    /** Takes back some or all of an invoice that is final. */
    CREDIT_NOTE("CN");

    private final String prefix;

    InvoiceKind(String prefix) {
        this.prefix = prefix;
    }

    String number(long number) {
        return "%s-%06d".formatted(prefix, number);
    }
}
