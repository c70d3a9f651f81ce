// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Recordings show what others did, so they are for those who may read the audit. */
@Tag(name = "recordings")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/recordings")
class RecordingController {
    private static final int MOST_NAME = 64;

    private final Recordings recordings;
    private final TenantAccess access;

    RecordingController(Recordings recordings, TenantAccess access) {
        this.recordings = recordings;
        this.access = access;
    }

    /** Newest first. */
    @GetMapping
    Page<Recording> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable @Size(max = MOST_NAME) String container,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID id = access.require(caller, tenant, Permission.READ_AUDIT).id();
        return Page.of(
                recordings.list(id, container, cursor, limit),
                limit,
                recording -> recording.id().toString());
    }

    @GetMapping("/{recording}")
    Recording get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID recording) {
        return recordings.require(
                access.require(caller, tenant, Permission.READ_AUDIT).id(), recording);
    }

    /** The recording itself, asciicast v2: asciinema and the portal play it. While it goes on, what there is so far. */
    @GetMapping("/{recording}/cast")
    void cast(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID recording,
            HttpServletResponse response)
            throws IOException {
        Recording found = get(caller, tenant, recording);
        response.setContentType("application/x-asciicast");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + found.id() + ".cast\"");
        OutputStream out = response.getOutputStream();
        long from = 0;
        for (Optional<Recordings.Part> part = recordings.part(found.id(), from);
                part.isPresent();
                part = recordings.part(found.id(), from)) {
            byte[] bytes = part.get().bytes();
            out.write(bytes);
            from = part.get().begins() + bytes.length;
        }
    }

    /** Not where the operator requires that it is kept. */
    @DeleteMapping("/{recording}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID recording) {
        recordings.delete(
                access.require(caller, tenant, Permission.MANAGE_RECORDINGS).id(), recording);
    }
}
