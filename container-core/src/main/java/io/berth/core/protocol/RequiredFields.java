// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

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
