// SPDX-License-Identifier: Apache-2.0
/** A running container's isolation as the kernel tells it, and policy's word on each line of that. */
@NullMarked
package io.berth.core.passport;

import org.jspecify.annotations.NullMarked;
