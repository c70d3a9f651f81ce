// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What a browser finds: the portal at / and at every address of its pages, and the REST interface to look at at /api/docs. */
@Configuration(proxyBeanMethods = false)
class FrontDoor implements WebMvcConfigurer {
    /** An asset's name holds its content's hash, so what one name stands for never changes. */
    private static final Duration FOR_EVER = Duration.ofDays(365); // private: the answer may carry a cookie

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/api/docs", "/swagger-ui/index.html");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations("classpath:/portal/assets/")
                .setUseLastModified(false) // every file of the jar bears the same time
                .setCacheControl(CacheControl.maxAge(FOR_EVER).cachePrivate().immutable());
        registry.addResourceHandler("/favicon.svg")
                .addResourceLocations("classpath:/portal/")
                .setUseLastModified(false)
                .setCacheControl(CacheControl.maxAge(Duration.ofDays(1)));
    }
}
