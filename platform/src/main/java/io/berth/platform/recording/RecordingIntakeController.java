// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where gateways bring recordings, part by part. What was taken is never changed: a part that does not go on from it is passed over. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway/recordings")
class RecordingIntakeController {
    private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";
    private static final String EXAMPLE = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final int MOST_BASE64 = 180 * 1024; // 128 KiB and some
    private static final int MOST_SIZE = 65_535; // struct winsize holds 16 bits
    private static final int MOST_TITLE = 1024;

    private final RecordingIntake intake;

    RecordingIntakeController(RecordingIntake intake) {
        this.intake = intake;
    }

    /**
     * @param gateway the fingerprint of its host key
     * @param id the session's
     * @param offset where in the cast the part begins
     * @param bytes base64; may be empty
     * @param how with the last part
     */
    @Schema(name = "RecordedPart")
    record Part(
            @NotNull @Pattern(regexp = FINGERPRINT) @Schema(example = EXAMPLE)
            String gateway,

            @NotNull @Schema(example = "019aa000-0000-7000-8000-000000000000")
            UUID id,

            @NotNull @Size(max = 64) String tenant,
            @NotNull @Size(max = 64) String container,
            @NotNull @Size(max = 64) String guestUser,
            @NotNull @Size(max = 128) String key,
            @NotNull @Size(max = 64) String source,
            @NotNull Instant startedAt,
            @NotNull @Min(0) @Max(MOST_SIZE) Integer columns,
            @NotNull @Min(0) @Max(MOST_SIZE) Integer rows,
            @NotNull Boolean required,
            @Nullable @Size(max = MOST_TITLE) String title,
            @NotNull @Min(0) Long offset,

            @NotNull @Size(max = MOST_BASE64) @Schema(example = "W10K")
            String bytes,

            Recording.@Nullable How how,
            @Nullable Instant endedAt) {
        byte[] decoded() {
            try {
                return Base64.getDecoder().decode(bytes);
            } catch (IllegalArgumentException e) {
                throw ProblemException.field("bytes", "this is no base64; send the cast's bytes in base64");
            }
        }
    }

    /**
     * @param size how much of the cast there is now: go on from there
     * @param full whether the tenant's recordings have filled their limit, and nothing of the part was taken
     */
    @Schema(name = "RecordingKept")
    record Kept(long size, boolean full) {}

    @PostMapping
    Kept take(@Valid @RequestBody Part body) {
        if ((body.how() == null) != (body.endedAt() == null)) {
            throw ProblemException.field(
                    body.how() == null ? "how" : "endedAt", "how and endedAt come together, with the last part");
        }
        return intake.take(body, body.decoded());
    }
}
