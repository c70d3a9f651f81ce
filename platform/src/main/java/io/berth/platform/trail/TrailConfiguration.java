// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the trail begins. */
@Configuration(proxyBeanMethods = false)
class TrailConfiguration {
    /** Before Spring Security's chain, which is at -100 and refuses. */
    private static final int ORDER = -104;

    @Bean
    FilterRegistrationBean<TrailFilter> trailFilter(TrailRows rows, NobodysBudget nobody) {
        var registration = new FilterRegistrationBean<>(new TrailFilter(rows, nobody));
        registration.setOrder(ORDER);
        return registration;
    }
}
