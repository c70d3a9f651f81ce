// SPDX-License-Identifier: Apache-2.0
/** Lists in pages with an opaque cursor. */
@NullMarked
package io.berth.platform.paging;

import org.jspecify.annotations.NullMarked;
