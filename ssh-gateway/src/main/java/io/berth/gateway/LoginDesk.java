// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** Decides on logins. */
@FunctionalInterface
interface LoginDesk {
    /** Blocks for as long as it takes to ask; every call asks again. */
    Decision decide(LoginRequest request) throws PlatformSilentException;
}
