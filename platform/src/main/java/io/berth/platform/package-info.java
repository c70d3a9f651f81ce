// SPDX-License-Identifier: Apache-2.0
/** The platform: REST, security, tenants, operations; faces the network and holds no privilege. */
@NullMarked
package io.berth.platform;

import org.jspecify.annotations.NullMarked;
