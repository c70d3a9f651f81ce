// SPDX-License-Identifier: Apache-2.0
/** TCP for a server with a thread a connection: Java's arrays go to the kernel and come from it without a copy in between. */
@NullMarked
package io.berth.core.tcp;

import org.jspecify.annotations.NullMarked;
