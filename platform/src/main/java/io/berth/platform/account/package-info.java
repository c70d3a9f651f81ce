// SPDX-License-Identifier: Apache-2.0
/** People: passwords, API tokens, sessions, throttled sign-in, the first administrator. */
@NullMarked
package io.berth.platform.account;

import org.jspecify.annotations.NullMarked;
