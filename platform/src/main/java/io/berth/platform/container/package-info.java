// SPDX-License-Identifier: Apache-2.0
/** Containers: what tenants want, what the node reports, and the operations between the two. */
@NullMarked
package io.berth.platform.container;

import org.jspecify.annotations.NullMarked;
