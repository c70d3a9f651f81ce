// SPDX-License-Identifier: Apache-2.0
/** Recordings of terminals: written to a spool of the gateway's own while they happen, and brought to the platform from there. */
@NullMarked
package io.berth.gateway.recording;

import org.jspecify.annotations.NullMarked;
