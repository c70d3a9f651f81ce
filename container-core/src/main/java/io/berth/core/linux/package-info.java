// SPDX-License-Identifier: Apache-2.0
/** The kernel's face in Java: system calls, their constants and errors, file descriptors; nothing else may import jnr-ffi. */
@NullMarked
package io.berth.core.linux;

import org.jspecify.annotations.NullMarked;
