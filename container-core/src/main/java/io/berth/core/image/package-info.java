// SPDX-License-Identifier: Apache-2.0
/** Images: content-addressed file trees, how they are built without the host's root, and the names that stand for them. */
@NullMarked
package io.berth.core.image;

import org.jspecify.annotations.NullMarked;
