// SPDX-License-Identifier: Apache-2.0
/** What a container sees below /: its /dev, the kernel's own file systems, and the change of root. */
@NullMarked
package io.berth.core.mount;

import org.jspecify.annotations.NullMarked;
