// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import org.jspecify.annotations.Nullable;

/**
 * The platform's word on a code.
 *
 * @param token to be shown with each question about this login from now on; null when the code is not taken
 * @param message why it is not, fit for the user
 */
record SecondFactorAnswer(@Nullable String token, @Nullable String message) {}
