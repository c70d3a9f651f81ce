// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.request;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Points in time in a query are RFC 3339's: a year of four digits. Java's own know a billion years, of which PostgreSQL's timestamptz
 * holds less than a third of a thousandth.
 */
@Configuration(proxyBeanMethods = false)
class PointsInTime implements WebMvcConfigurer {
    private static final int LAST_YEAR = 9999;

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, Instant.class, PointsInTime::instant);
    }

    static Instant instant(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text);
        if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException("the year " + time.getYear() + " has not four digits");
        }
        return time.toInstant();
    }
}
