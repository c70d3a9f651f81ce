// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/**
 * Who wants in.
 *
 * @param userName as the SSH client sent it: {@code [guestUser+]container[.tenant]}
 * @param publicKey in OpenSSH's form, without a comment: {@code ssh-ed25519 AAAA…}
 * @param sourceAddress textual, without a port
 */
record LoginRequest(String userName, String publicKey, String sourceAddress) {}
