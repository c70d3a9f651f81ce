// SPDX-License-Identifier: Apache-2.0
/** Images as the nodes report them, and building new ones. */
@NullMarked
package io.berth.platform.image;

import org.jspecify.annotations.NullMarked;
