// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;

/** A look of many at what a container uses: the same figures, and when. */
record LiveUsage(@JsonUnwrapped Usage usage, Instant at) {}
