// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.precondition;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** ETags made of what is shown, so they change whenever that does, whatever it is made of. Whoever compares one holds a lock until the change is made. */
@Component
public class ContentTags {
    private static final int SHOWN_BYTES = 16; // 128 bits: nobody is to find two contents with one tag

    private final JsonMapper json;

    ContentTags(JsonMapper json) {
        this.json = json;
    }

    public String of(Object shown) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(shown));
            return "\"" + HexFormat.of().formatHex(Arrays.copyOf(hash, SHOWN_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public <T> ResponseEntity<T> answer(T shown) {
        return ResponseEntity.ok().eTag(of(shown)).body(shown);
    }

    /**
     * @param ifMatch the header, null for any
     * @param present as it is now
     * @param what in words, for whoever is refused
     * @throws ProblemException when it is another by now
     */
    public void require(@Nullable String ifMatch, Object present, String what) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return;
        }
        String tag = of(present);
        if (Arrays.stream(ifMatch.split(",", -1)).map(String::strip).noneMatch(tag::equals)) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED, what + " has changed since (ETag " + tag + " now); read it again");
        }
    }
}
