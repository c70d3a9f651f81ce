// SPDX-License-Identifier: Apache-2.0
/** The supervisor: answers the system calls that a container's seccomp filter asks about, counts what it denies, emulates what is harmless. */
@NullMarked
package io.berth.core.notify;

import org.jspecify.annotations.NullMarked;
