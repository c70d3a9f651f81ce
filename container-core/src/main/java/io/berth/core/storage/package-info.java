// SPDX-License-Identifier: Apache-2.0
/** The pool: file trees of images and containers, on btrfs or as overlays, out of everybody's reach below one hardened directory. */
@NullMarked
package io.berth.core.storage;

import org.jspecify.annotations.NullMarked;
