// SPDX-License-Identifier: Apache-2.0
/** Tickets: short-lived Ed25519-signed statements by the platform that let a gateway attach to one container. */
@NullMarked
package io.berth.core.ticket;

import org.jspecify.annotations.NullMarked;
