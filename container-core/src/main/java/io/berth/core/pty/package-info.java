// SPDX-License-Identifier: Apache-2.0
/** Pseudo-terminals in a container's devpts, with the size and the terminal modes that an SSH client asks for. */
@NullMarked
package io.berth.core.pty;

import org.jspecify.annotations.NullMarked;
