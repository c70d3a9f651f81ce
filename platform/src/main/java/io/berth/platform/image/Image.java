// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.image;

import java.time.Instant;

/**
 * One image.
 *
 * @param id its content's address
 * @param current whether the alias stands for this one
 */
record Image(String id, String alias, String architecture, long sizeBytes, Instant builtAt, boolean current) {}
