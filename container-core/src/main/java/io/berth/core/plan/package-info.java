// SPDX-License-Identifier: Apache-2.0
/** Syscall plans: what a spawned process is to do, step by step, as data that can be printed, tested, encoded and run. */
@NullMarked
package io.berth.core.plan;

import org.jspecify.annotations.NullMarked;
