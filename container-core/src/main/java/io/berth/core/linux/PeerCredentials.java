// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** struct ucred, include/linux/socket.h: who is at the other end of a Unix socket. */
public record PeerCredentials(int pid, int uid, int gid) {}
