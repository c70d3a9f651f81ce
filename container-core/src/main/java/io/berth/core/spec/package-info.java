// SPDX-License-Identifier: Apache-2.0
/** What may be asked for: the closed vocabulary of containers, images and limits. No free text, no host path, no privileged form. */
@NullMarked
package io.berth.core.spec;

import org.jspecify.annotations.NullMarked;
