// SPDX-License-Identifier: Apache-2.0
/** The same answer for the same Idempotency-Key, kept in the transaction that did the work. */
@NullMarked
package io.berth.platform.idempotency;

import org.jspecify.annotations.NullMarked;
