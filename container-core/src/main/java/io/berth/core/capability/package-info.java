// SPDX-License-Identifier: Apache-2.0
/** Capabilities, and which of them a container's bounding set loses, with the reasons. */
@NullMarked
package io.berth.core.capability;

import org.jspecify.annotations.NullMarked;
