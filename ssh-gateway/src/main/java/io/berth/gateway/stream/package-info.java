// SPDX-License-Identifier: Apache-2.0
/** Streams of a session that are looked at on their way past. */
@NullMarked
package io.berth.gateway.stream;

import org.jspecify.annotations.NullMarked;
