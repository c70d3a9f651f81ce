// SPDX-License-Identifier: Apache-2.0
/** What containers have used: samples of the kernel's counters as the nodes took them, and what they add up to by hours and days. */
@NullMarked
package io.berth.platform.metering;

import org.jspecify.annotations.NullMarked;
