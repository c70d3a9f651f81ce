// SPDX-License-Identifier: Apache-2.0
/** Nobody overwrites what they have not seen: If-Match where a thing has no version of its own. */
@NullMarked
package io.berth.platform.precondition;

import org.jspecify.annotations.NullMarked;
