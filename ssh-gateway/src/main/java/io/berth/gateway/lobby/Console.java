// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.text.Printable;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a verb says, and to which of the two streams. Nothing passes that could steer a terminal, whoever chose it. */
final class Console {
    /** Everything but ASCII as an escape of JSON's own: a terminal takes no orders from those. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final PrintWriter out;
    private final PrintWriter err;
    private final @Nullable Answers answers;

    /** Where answers to questions come from. */
    interface Answers {
        String read(String question);
    }

    /** @param answers null where nobody sits at a terminal */
    Console(PrintWriter out, PrintWriter err, @Nullable Answers answers) {
        this.out = out;
        this.err = err;
        this.answers = answers;
    }

    boolean isInteractive() {
        return answers != null;
    }

    void line(String text) {
        out.print(Printable.line(text) + "\n");
        out.flush();
    }

    void json(JsonNode node) {
        out.print(JSON.writeValueAsString(node) + "\n");
        out.flush();
    }

    /** A message, as every one of ours begins. */
    void error(String text) {
        err.print("berth: " + Printable.line(text) + "\n");
        err.flush();
    }

    /** Where nobody is there to ask, what was typed is meant. */
    boolean isSure(String question) {
        return answers == null || answers.read(question + " [y/N] ").strip().equalsIgnoreCase("y");
    }
}
