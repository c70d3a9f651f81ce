// SPDX-License-Identifier: Apache-2.0
/** What usage costs: price books, plans, rating, invoices and the ledger. Money is whole minor units of a currency. */
@NullMarked
package io.berth.platform.billing;

import org.jspecify.annotations.NullMarked;
