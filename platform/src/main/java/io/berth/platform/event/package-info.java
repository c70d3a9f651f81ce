// SPDX-License-Identifier: Apache-2.0
/** What changes, told to those who watch, for as long as they may see it. */
@NullMarked
package io.berth.platform.event;

import org.jspecify.annotations.NullMarked;
