// SPDX-License-Identifier: Apache-2.0
/** Which ids of the host a container owns, and the user namespace that maps them. */
@NullMarked
package io.berth.core.idmap;

import org.jspecify.annotations.NullMarked;
