// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of price books and their versions, neither of which ever changes. */
@Component
class PriceBooks {
    private static final TypeReference<List<PriceWish>> PRICES = new TypeReference<>() {};

    private static final String SELECT = """
            select b.name, b.currency, v.version, v.rounding, v.prices, v.created_at
            from price_book_versions v join price_books b on b.id = v.book_id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    PriceBooks(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** One book. */
    record PriceBook(String name, String currency) {}

    PriceBook create(String name, Currency currency) {
        try {
            jdbc.sql("insert into price_books (id, name, currency) values (:id, :name, :currency)")
                    .param("id", UuidCreator.getTimeOrderedEpoch())
                    .param("name", name)
                    .param("currency", currency.getCurrencyCode())
                    .update();
            return new PriceBook(name, currency.getCurrencyCode());
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("price book", name);
        }
    }

    List<PriceBook> list(String after, int limit) {
        return jdbc.sql("select name, currency from price_books where name > :after order by name limit :limit")
                .param("after", after)
                .param("limit", limit + 1)
                .query((row, number) -> new PriceBook(row.getString("name"), row.getString("currency")))
                .list();
    }

    private record Found(UUID id, String currency) {}

    /** Locks the book, so that versions are numbered one after the other. */
    PriceBookVersion add(String book, Rounding rounding, List<PriceWish> prices, UUID by) {
        Found found = jdbc.sql("select id, currency from price_books where name = :name for update")
                .param("name", book)
                .query((row, number) -> new Found(row.getObject("id", UUID.class), row.getString("currency")))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("price book", book));
        terms(found.currency(), rounding, prices);
        int version = jdbc.sql("""
                        insert into price_book_versions (id, book_id, version, rounding, prices, created_by)
                        select :id, :book, coalesce(max(version), 0) + 1, :rounding, cast(:prices as jsonb), :by
                        from price_book_versions where book_id = :book
                        returning version
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("book", found.id())
                .param("rounding", rounding.name())
                .param("prices", json.writeValueAsString(prices))
                .param("by", by)
                .query(Integer.class)
                .single();
        return get(book, version);
    }

    private static void terms(String currency, Rounding rounding, List<PriceWish> prices) {
        List<Price> understood = PriceWish.prices(prices);
        try {
            new Terms(Currency.getInstance(currency), rounding, understood, 0, 0);
        } catch (IllegalArgumentException e) {
            throw ProblemException.field("prices", "prices: " + e.getMessage());
        }
    }

    PriceBookVersion get(String book, int version) {
        return find(book, version)
                .orElseThrow(() -> ProblemException.notFound("version of a price book", book + " " + version));
    }

    private Optional<PriceBookVersion> find(String book, int version) {
        return jdbc.sql(SELECT + "where b.name = :book and v.version = :version")
                .param("book", book)
                .param("version", version)
                .query(this::version)
                .optional();
    }

    List<PriceBookVersion> versions(String book, int after, int limit) {
        return jdbc.sql(SELECT + "where b.name = :book and v.version > :after order by v.version limit :limit")
                .param("book", book)
                .param("after", after)
                .param("limit", limit + 1)
                .query(this::version)
                .list();
    }

    private PriceBookVersion version(ResultSet row, int number) throws SQLException {
        return new PriceBookVersion(
                row.getString("name"),
                row.getInt("version"),
                row.getString("currency"),
                Rounding.valueOf(row.getString("rounding")),
                prices(row.getString("prices")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    List<PriceWish> prices(String kept) {
        return json.readValue(kept, PRICES);
    }
}
