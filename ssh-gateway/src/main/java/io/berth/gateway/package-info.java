// SPDX-License-Identifier: Apache-2.0
/** The SSH gateway: ends a tenant's SSH connection and joins its channels to processes inside containers. */
@NullMarked
package io.berth.gateway;

import org.jspecify.annotations.NullMarked;
