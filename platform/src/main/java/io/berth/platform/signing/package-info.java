// SPDX-License-Identifier: Apache-2.0
/** The platform's own pairs of keys; each signs for one purpose. */
@NullMarked
package io.berth.platform.signing;

import org.jspecify.annotations.NullMarked;
