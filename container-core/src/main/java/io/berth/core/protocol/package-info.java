// SPDX-License-Identifier: Apache-2.0
/** The agent's protocol: every request and reply as a record, one JSON message per SOCK_SEQPACKET packet. */
@NullMarked
package io.berth.core.protocol;

import org.jspecify.annotations.NullMarked;
