// SPDX-License-Identifier: Apache-2.0
/** Long work as durable operations, claimed under a lease and resumed after a crash. */
@NullMarked
package io.berth.platform.operation;

import org.jspecify.annotations.NullMarked;
