// SPDX-License-Identifier: Apache-2.0
/** Who calls, and what nobody may do without saying so: deny by default, sessions with CSRF, headers, request limits. */
@NullMarked
package io.berth.platform.security;

import org.jspecify.annotations.NullMarked;
