// SPDX-License-Identifier: Apache-2.0
/** Writes down every request that changes something or tried to, and chains what is written. */
@NullMarked
package io.berth.platform.trail;

import org.jspecify.annotations.NullMarked;
