// SPDX-License-Identifier: Apache-2.0
/** Every refusal as application/problem+json (RFC 9457), mapped in one place. */
@NullMarked
package io.berth.platform.problem;

import org.jspecify.annotations.NullMarked;
