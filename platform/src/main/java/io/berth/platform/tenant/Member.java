// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

/** One account in a tenant. */
record Member(String user, Role role) {}
