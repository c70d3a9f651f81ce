// SPDX-License-Identifier: Apache-2.0
/** A container's life: create, start, attach, stop, delete as one ordered list of steps each; the only package that orders the kernel packages. */
@NullMarked
package io.berth.core.runtime;

import org.jspecify.annotations.NullMarked;
