// SPDX-License-Identifier: Apache-2.0
/** What the platform is told from outside, checked once at start. */
@NullMarked
package io.berth.platform.settings;

import org.jspecify.annotations.NullMarked;
