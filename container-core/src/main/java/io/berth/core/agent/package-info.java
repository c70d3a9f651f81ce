// SPDX-License-Identifier: Apache-2.0
/** The node agent: a closed table of requests over a Unix socket, and the only process that is root. */
@NullMarked
package io.berth.core.agent;

import org.jspecify.annotations.NullMarked;
