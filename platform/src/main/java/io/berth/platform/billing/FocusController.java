// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a month costs in the columns of FOCUS 1.2, as CSV. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1")
class FocusController {
    private final FocusExport export;
    private final TenantAccess access;

    FocusController(FocusExport export, TenantAccess access) {
        this.export = export;
        this.access = access;
    }

    /** A tenant's. */
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/csv"))
    @GetMapping("/tenants/{tenant}/focus")
    void tenant(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @Parameter(description = "UTC, such as 2026-11")
                    @RequestParam
                    @Pattern(regexp = InvoiceController.MONTH, message = InvoiceController.MONTH_WISH)
                    String month,
            HttpServletResponse response)
            throws IOException {
        Payer payer = Payer.of(access.require(caller, tenant, Permission.SEE_COSTS));
        export.write(List.of(payer), YearMonth.parse(month), payer.name() + "-", response);
    }

    /** Everybody's, for operators; of tenants that are gone, too. */
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/csv"))
    @GetMapping("/focus")
    void all(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "UTC, such as 2026-11")
                    @RequestParam
                    @Pattern(regexp = InvoiceController.MONTH, message = InvoiceController.MONTH_WISH)
                    String month,
            HttpServletResponse response)
            throws IOException {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        YearMonth wanted = YearMonth.parse(month);
        export.write(export.payers(wanted), wanted, "", response);
    }
}
