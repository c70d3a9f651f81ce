// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import org.jspecify.annotations.Nullable;

/**
 * A recording that the platform has not wholly.
 *
 * @param length of whole lines, so far
 * @param ending null while it goes on
 */
record Pending(Facts facts, long length, @Nullable Ending ending) {}
