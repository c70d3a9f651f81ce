// SPDX-License-Identifier: Apache-2.0
/** The gateway's question whether somebody may log in, answered with a signed ticket. */
@NullMarked
package io.berth.platform.login;

import org.jspecify.annotations.NullMarked;
