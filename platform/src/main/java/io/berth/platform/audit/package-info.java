// SPDX-License-Identifier: Apache-2.0
/** The trail as people read it: searched, exported, verified. */
@NullMarked
package io.berth.platform.audit;

import org.jspecify.annotations.NullMarked;
