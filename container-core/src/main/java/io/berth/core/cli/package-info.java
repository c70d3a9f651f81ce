// SPDX-License-Identifier: Apache-2.0
/** The command line for the host's root: talks to the agent's socket, and looks at the host. */
@NullMarked
package io.berth.core.cli;

import org.jspecify.annotations.NullMarked;
