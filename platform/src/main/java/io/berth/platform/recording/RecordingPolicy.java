// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.swagger.v3.oas.annotations.media.Schema;

/** What holds for a tenant's terminals. */
record RecordingPolicy(
        @Schema(description = "the tenant's own wish") boolean record,

        @Schema(description = "by an operator's rule, on the tenant or the one above")
        boolean required,

        @Schema(description = "whether what is typed is kept, where the terminal echoes it")
        boolean input,

        int keepDays,
        long mostBytes,
        long usedBytes) {}
