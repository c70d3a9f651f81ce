// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.paging;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where a page of a list begins, in which order; see {@link Orders}. Its texts are of this program's, what a client sent is bound. */
public final class Place<T> {
    private final Orders.Order<T> order;
    private final boolean isReverse;
    private final String sort;
    private final String idColumn;
    private final Function<T, UUID> id;
    private final @Nullable Cursor after;

    Place(
            Orders.Order<T> order,
            boolean isReverse,
            String sort,
            String idColumn,
            Function<T, UUID> id,
            @Nullable Cursor after) {
        this.order = order;
        this.isReverse = isReverse;
        this.sort = sort;
        this.idColumn = idColumn;
        this.id = id;
        this.after = after;
    }

    /** What follows a query's last condition. */
    public String sql() {
        String beyond = isReverse ? " < " : " > ";
        String way = isReverse ? " desc" : "";
        String limit = " limit :limit";
        if (order.kind() == Orders.Kind.ID) {
            return (after == null ? "" : " and " + idColumn + beyond + ":afterId") + " order by " + idColumn + way
                    + limit;
        }
        String condition = after == null
                ? ""
                : " and (" + order.column() + ", " + idColumn + ")" + beyond + "(cast(:after as "
                        + order.kind().sql() + "), cast(:afterId as uuid))";
        return condition + " order by " + order.column() + way + ", " + idColumn + way + limit;
    }

    /** Gives the statement what {@link #sql} asks for: one more row than the page has. */
    public JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, int limit) {
        JdbcClient.StatementSpec bound = statement.param("limit", limit + 1);
        if (after == null) {
            return bound;
        }
        bound = bound.param("afterId", after.id());
        return order.kind() == Orders.Kind.ID ? bound : bound.param("after", after.value());
    }

    public Page<T> page(List<T> found, int limit) {
        return Page.of(
                found,
                limit,
                item -> new Cursor(
                                sort, id.apply(item), order.value().apply(item).toString())
                        .text());
    }
}
