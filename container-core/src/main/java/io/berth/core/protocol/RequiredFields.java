// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Refuses null where a message's type does not say {@link Nullable}. Jackson can require that a field is there, or that none is
 * null, but not which may be.
 */
final class RequiredFields {
    private RequiredFields() {}

    /** @throws MalformedMessageException naming the first field that is null and may not be */
    static void check(Record message) {
        check("", message);
    }

    private static void check(String prefix, Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String field = prefix + component.getName();
            Object value = value(record, component);
            if (value == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw new MalformedMessageException(field + ": is null; it must have a value");
            }
            if (value instanceof Record inner) {
                check(field + ".", inner);
            }
        }
    }

    /** The first field of a record that could not be made because it is null in JSON. */
    static Optional<String> firstNull(Class<?> record, JsonNode json) {
        return Arrays.stream(record.isRecord() ? record.getRecordComponents() : new RecordComponent[0])
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(RecordComponent::getName)
                .filter(name -> json.path(name).isNull())
                .findFirst();
    }

    private static @Nullable Object value(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("reading " + component, e);
        }
    }
}
