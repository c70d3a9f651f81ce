// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.paging;

import io.berth.platform.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders that a list may have; no other is asked of the database. Each is by one column that is never null, and then by the id, so that every row has one place; and
 * each that a list can grow long in has an index.
 *
 * @param <T> the list's items
 */
public final class Orders<T> {
    /** What goes the other way round. */
    private static final String REVERSE = "-";

    private final String usual;
    private final String idColumn;
    private final Function<T, UUID> id;
    private final List<Order<T>> orders;

    /** A column's type. */
    public enum Kind {
        TEXT("text"),
        NUMBER("bigint"),
        TIME("timestamptz"),
        /** The id itself, which is ordered by the time of its making. */
        ID("uuid");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /**
     * One.
     *
     * @param field its name in the query
     * @param column in SQL
     * @param value an item's
     */
    public record Order<T>(String field, String column, Kind kind, Function<T, Object> value) {}

    /** @param usual the order of whoever asks for none, as a client would write it */
    public Orders(String usual, String idColumn, Function<T, UUID> id, List<Order<T>> orders) {
        this.usual = usual;
        this.idColumn = idColumn;
        this.id = id;
        this.orders = List.copyOf(orders);
    }

    /**
     * Where a page begins.
     *
     * @param sort a field, with '-' before it for the reverse; null for the usual order
     * @param cursor what the page before gave as next; null or empty for the beginning
     * @throws ProblemException naming sort or cursor
     */
    public Place<T> place(@Nullable String sort, @Nullable String cursor) {
        String wanted = sort == null ? usual : sort;
        boolean isReverse = wanted.startsWith(REVERSE);
        String field = isReverse ? wanted.substring(1) : wanted;
        Order<T> order = orders.stream()
                .filter(it -> it.field().equals(field))
                .findFirst()
                .orElseThrow(() -> ProblemException.field(
                        "sort",
                        "sort: '" + ProblemException.shortened(wanted) + "' is no order of this list; choose "
                                + orders.stream().map(Order::field).collect(Collectors.joining(" or "))
                                + ", with '-' before it for the reverse"));
        Cursor after = cursor == null || cursor.isEmpty() ? null : Cursor.of(cursor, wanted, order.kind());
        return new Place<>(order, isReverse, wanted, idColumn, id, after);
    }
}
