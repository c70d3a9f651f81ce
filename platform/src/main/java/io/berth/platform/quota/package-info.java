// SPDX-License-Identifier: Apache-2.0
/** What a tenant may have at most, what it has, and the one place that says no. */
@NullMarked
package io.berth.platform.quota;

import org.jspecify.annotations.NullMarked;
