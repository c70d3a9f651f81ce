// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.paging;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items in the list's order
 * @param next give it as {@code cursor} to get what follows; null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /** How many items a page has when the client does not say. */
    public static final String DEFAULT_LIMIT = "100";

    /** How many items a page has at most. */
    public static final int MOST = 500;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * @param found one more than the limit where there is more
     * @param cursor what identifies an item's place in the order
     */
    public static <T> Page<T> of(List<T> found, int limit, Function<T, String> cursor) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, cursor.apply(items.getLast()));
    }
}
