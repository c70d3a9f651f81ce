// SPDX-License-Identifier: Apache-2.0
/** Tenants, their members and roles, and the one question whether a caller may do something in one. */
@NullMarked
package io.berth.platform.tenant;

import org.jspecify.annotations.NullMarked;
