// SPDX-License-Identifier: Apache-2.0
/** Client of the agent's socket, for platform, gateway and command line. */
@NullMarked
package io.berth.core.client;

import org.jspecify.annotations.NullMarked;
