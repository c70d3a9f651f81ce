// SPDX-License-Identifier: Apache-2.0
/** Recordings of terminals over SSH: what gateways bring of them, who may see and delete them, and who has to be recorded. */
@NullMarked
package io.berth.platform.recording;

import org.jspecify.annotations.NullMarked;
