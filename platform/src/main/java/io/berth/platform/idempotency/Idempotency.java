// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.idempotency;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does a request once, however often it is sent with the same Idempotency-Key within 24 hours. Key, work and answer are one
 * transaction: a second request with the key waits for the first at the unique index, and a crash leaves neither.
 */
@Component
public class Idempotency {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    Idempotency(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
    }

    private record Answer(
            String requestHash, int status, @Nullable String location, String body) {}

    /**
     * @param key the header, null for none: then the work is done in a transaction and nothing is kept
     * @param what verb and path: a key is good for one of them
     * @param type of the answer's body
     */
    public <T> ResponseEntity<T> once(
            Caller caller,
            @Nullable String key,
            String what,
            Object body,
            Class<T> type,
            Supplier<ResponseEntity<T>> work) {
        return once(new Request<>(caller, key, what, body, type), work, UnaryOperator.identity());
    }

    /**
     * What is asked, and by whom.
     *
     * @see #once(Caller, String, String, Object, Class, Supplier)
     */
    public record Request<T>(Caller caller, @Nullable String key, String what, Object body, Class<T> type) {}

    /** @param kept what of the answer is kept: never a secret */
    public <T> ResponseEntity<T> once(Request<T> request, Supplier<ResponseEntity<T>> work, UnaryOperator<T> kept) {
        String key = request.key();
        ResponseEntity<T> answer = transaction.execute(status -> {
            if (key == null) {
                return work.get();
            }
            String hash = hash(request);
            return claimed(request.caller(), checked(key), hash)
                    ? done(request, key, work.get(), kept)
                    : replayed(request, key, hash);
        });
        return answer;
    }

    private static String checked(String key) {
        if (key.isBlank() || key.length() > 255) {
            throw ProblemException.field("Idempotency-Key", "an Idempotency-Key has 1 to 255 characters");
        }
        return key;
    }

    private boolean claimed(Caller caller, String key, String hash) {
        return jdbc.sql("""
                        insert into idempotency_keys (user_id, key, request_hash, status, body)
                        values (:user, :key, :hash, 0, '') on conflict do nothing
                        """)
                        .param("user", caller.userId())
                        .param("key", key)
                        .param("hash", hash)
                        .update()
                == 1;
    }

    private <T> ResponseEntity<T> done(
            Request<T> request, String key, ResponseEntity<T> answer, UnaryOperator<T> kept) {
        URI location = answer.getHeaders().getLocation();
        T body = answer.getBody();
        jdbc.sql("""
                        update idempotency_keys set status = :status, location = :location, body = :body
                        where user_id = :user and key = :key
                        """)
                .param("status", answer.getStatusCode().value())
                .param("location", location == null ? null : location.toString())
                .param("body", body == null ? "null" : json.writeValueAsString(kept.apply(body)))
                .param("user", request.caller().userId())
                .param("key", key)
                .update();
        return answer;
    }

    private <T> ResponseEntity<T> replayed(Request<T> request, String key, String hash) {
        Optional<Answer> found = jdbc.sql("select * from idempotency_keys where user_id = :user and key = :key")
                .param("user", request.caller().userId())
                .param("key", key)
                .query(Idempotency::answer)
                .optional();
        Answer answer = found.orElseThrow(() -> new ProblemException(
                ProblemKind.CONFLICT, "the request with this Idempotency-Key is just being forgotten; send it again"));
        if (!answer.requestHash().equals(hash)) {
            throw new ProblemException(
                    ProblemKind.IDEMPOTENCY_KEY_REUSED,
                    "this Idempotency-Key came with another request within the last 24 hours; use a fresh one");
        }
        HttpHeaders headers = new HttpHeaders();
        headers.set("Idempotent-Replayed", "true");
        if (answer.location() != null) {
            headers.setLocation(URI.create(answer.location()));
        }
        return ResponseEntity.status(answer.status())
                .headers(headers)
                .body(json.readValue(answer.body(), request.type()));
    }

    private static Answer answer(ResultSet row, int number) throws SQLException {
        return new Answer(
                row.getString("request_hash"), row.getInt("status"), row.getString("location"), row.getString("body"));
    }

    private String hash(Request<?> request) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((request.what() + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(json.writeValueAsBytes(request.body())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from idempotency_keys where created_at < now() - interval '24 hours'")
                .update();
    }
}
