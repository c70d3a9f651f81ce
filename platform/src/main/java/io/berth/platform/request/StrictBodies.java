// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.request;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.trail.Trail;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * A field of a body has a value or is left out. A null could be taken for either, and where one check takes it for the one and the
 * next for the other, it has passed both. Jackson's own Nulls.FAIL refuses what is left out as well.
 */
@RestControllerAdvice
class StrictBodies extends RequestBodyAdviceAdapter {
    private final JsonMapper json;

    StrictBodies(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(
            MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converterType) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType)
            throws IOException {
        byte[] body = message.getBody().readAllBytes(); // of a size that RequestSizeFilter bounds
        Trail.asked(body);
        refuseNulls(body);
        return new Read(message.getHeaders(), body);
    }

    private void refuseNulls(byte[] body) {
        try (JsonParser parser = json.createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NULL && !parser.streamReadContext().inRoot()) {
                    String field = path(parser);
                    throw ProblemException.field(
                            field, field + ": null is no value; leave the field out, or give it one");
                }
            }
        } catch (JacksonException e) {
            // whoever reads the body next says what is wrong with it
        }
    }

    /** {@code limits.pids} */
    private static String path(JsonParser parser) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        return ProblemException.shortened(pointer.substring(1).replace('/', '.'));
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, by the converter
    private record Read(HttpHeaders headers, byte[] body) implements HttpInputMessage {
        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(body);
        }
    }
}
