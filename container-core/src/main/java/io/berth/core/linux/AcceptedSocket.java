// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What accept4(2) gave.
 *
 * @param peer who connected; empty for a Unix socket
 */
public record AcceptedSocket(Fd socket, Optional<InetSocketAddress> peer) {}
