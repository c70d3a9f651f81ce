// SPDX-License-Identifier: Apache-2.0
/** What a worker without privilege makes of an archive that somebody brought: a tree, or one clear refusal. */
@NullMarked
package io.berth.core.unpack;

import org.jspecify.annotations.NullMarked;
