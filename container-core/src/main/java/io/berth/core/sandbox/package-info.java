// SPDX-License-Identifier: Apache-2.0
/** How Berth's own unprivileged processes lock themselves in at their start: no_new_privs and Landlock. */
@NullMarked
package io.berth.core.sandbox;

import org.jspecify.annotations.NullMarked;
