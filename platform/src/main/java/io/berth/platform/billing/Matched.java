// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.precondition.ContentTags;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes what a tenant is billed by, one change at a time, where it still is as whoever changes it has seen it. */
@Component
class Matched {
    private final ContentTags tags;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Matched(ContentTags tags, JdbcClient jdbc, TransactionTemplate transaction) {
        this.tags = tags;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    <T> ResponseEntity<T> answer(T shown) {
        return tags.answer(shown);
    }

    /**
     * @param tenant whose; null for the operator's own
     * @param change makes it and shows it
     */
    <T> ResponseEntity<T> change(
            @Nullable String ifMatch, String what, @Nullable UUID tenant, Supplier<T> present, Supplier<T> change) {
        return tags.answer(Objects.requireNonNull(transaction.execute(status -> {
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:what, 0))")
                    .param("what", "berth.billing " + tenant + " " + what)
                    .query((row, number) -> 1)
                    .single();
            tags.require(ifMatch, present.get(), what);
            return change.get();
        })));
    }
}
