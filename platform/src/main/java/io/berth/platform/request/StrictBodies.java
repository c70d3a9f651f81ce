// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.request;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/**
 * A field of a body has a value or is left out. A null could be taken for either, and where one check takes it for the one and the
 * next for the other, it has passed both. Answers and what is stored may hold nulls all the same.
 */
@Configuration(proxyBeanMethods = false)
class StrictBodies {
    private static final JsonSetter.Value NO_NULLS = JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL);

    /** Last, so that no other converter of JSON is left. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ServerHttpMessageConvertersCustomizer strictBodyConverter(JsonMapper json) {
        JsonMapper strict =
                json.rebuild().changeDefaultNullHandling(_ -> NO_NULLS).build();
        return converters -> converters.withJsonConverter(new JacksonJsonHttpMessageConverter(strict));
    }
}
