// SPDX-License-Identifier: Apache-2.0
/** The system calls that containers don't get: a deny list with a reason beside each entry, compiled to classic BPF. */
@NullMarked
package io.berth.core.seccomp;

import org.jspecify.annotations.NullMarked;
