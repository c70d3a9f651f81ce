// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import java.time.Duration;

/** How a sign-in by password ended. */
public sealed interface SignIn {
    /** @param credentialsVersion which password it was, so that a session ends when that changes */
    record Accepted(Caller caller, int credentialsVersion) implements SignIn {}

    /** The name or the password is wrong; which, nobody is told. */
    record Refused() implements SignIn {}

    /** The password is right, and a second factor has to come with it. */
    record SecondFactorNeeded() implements SignIn {}

    /** The password is right, and what came with it is no code of the account's, or was taken before. */
    record WrongCode() implements SignIn {}

    /** Too many failures from there or for that account; nothing was checked. */
    record Throttled(Duration retryAfter) implements SignIn {}
}
