// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The portal's one HTML file, at each address that its router knows: a link into it can be kept and sent. */
@Hidden
@Controller
class PortalPages {
    private static final Resource INDEX = new ClassPathResource("portal/index.html");

    /** security.WebSecurity opens the same. */
    @GetMapping({"/", "/sign-in", "/t/**", "/admin/**", "/account/**"})
    ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noCache()) // it names the assets of this very build
                .body(INDEX);
    }
}
