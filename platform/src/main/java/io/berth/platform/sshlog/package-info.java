// SPDX-License-Identifier: Apache-2.0
/** What goes on over SSH, as the gateways tell it: sessions that are open, what happened, and what a tenant wants of both. */
@NullMarked
package io.berth.platform.sshlog;

import org.jspecify.annotations.NullMarked;
