// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.Limits;
import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Limits as somebody asks for them; what is left out stays as it is. */
record LimitsWish(
        @Schema(description = "16 MiB to 16 TiB") @Nullable Long memoryBytes,

        @Schema(description = "thousandths of a CPU, 10 to 1024000") @Nullable
        Integer milliCpus,

        @Schema(description = "processes and threads, 16 to 4194304") @Nullable
        Integer pids,

        @Schema(description = "what it and its snapshots write beside the image, 64 MiB to 1 PiB") @Nullable
        Long diskBytes) {
    static final LimitsWish NONE = new LimitsWish(null, null, null, null);

    Limits over(Limits present) {
        try {
            return new Limits(
                    Objects.requireNonNullElse(memoryBytes, present.memoryBytes()),
                    Objects.requireNonNullElse(milliCpus, present.milliCpus()),
                    Objects.requireNonNullElse(pids, present.pids()),
                    Objects.requireNonNullElse(diskBytes, present.diskBytes()));
        } catch (InvalidSpecException e) {
            throw ProblemException.field("limits." + e.field(), "limits." + e.getMessage());
        }
    }
}
