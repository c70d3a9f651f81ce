// SPDX-License-Identifier: Apache-2.0
/** The node's agent: the connection to it, what it reports, and whether it answers. */
@NullMarked
package io.berth.platform.node;

import org.jspecify.annotations.NullMarked;
