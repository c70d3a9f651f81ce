// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

/** What a credential is good for at most; passwords and sessions are good for all that the person may do. */
public enum Scope {
    /** Look at things. */
    READ,
    /** Change things; includes READ. */
    WRITE,
    /** Use an operator's power, where the person is one. */
    ADMIN
}
