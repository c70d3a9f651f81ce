// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Who opens the server's address in a browser finds the REST interface to look at and to try; it asks for a sign-in itself. */
@Configuration(proxyBeanMethods = false)
class FrontDoor implements WebMvcConfigurer {
    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/swagger-ui/index.html");
    }
}
