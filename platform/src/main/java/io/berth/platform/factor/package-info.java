// SPDX-License-Identifier: Apache-2.0
/** What proves a person beside the password: codes of an authenticator, recovery codes, and how they are enrolled and removed. */
@NullMarked
package io.berth.platform.factor;

import org.jspecify.annotations.NullMarked;
