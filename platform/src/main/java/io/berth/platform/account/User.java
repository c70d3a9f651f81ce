// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import java.time.Instant;
import java.util.UUID;

/** One person's account, without anything secret. */
record User(UUID id, String name, boolean operator, Instant createdAt) {}
