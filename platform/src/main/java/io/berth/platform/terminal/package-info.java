// SPDX-License-Identifier: Apache-2.0
/** Terminals in the browser: login shells whose pty this process holds, kept while their window is away. */
@NullMarked
package io.berth.platform.terminal;

import org.jspecify.annotations.NullMarked;
