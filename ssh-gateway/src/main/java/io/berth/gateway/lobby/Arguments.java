// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows a verb: names and options. */
final class Arguments {
    private final List<String> names = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();

    /**
     * @param words without the verb
     * @param known options: {@code --json} has no value, {@code --memory=} has one
     * @throws UsageException when there is another
     */
    Arguments(List<String> words, List<String> known) {
        boolean onlyNames = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (onlyNames || !word.startsWith("-") || word.equals("-")) {
                names.add(word);
            } else if (word.equals("--")) {
                onlyNames = true;
            } else {
                i += option(word, i + 1 < words.size() ? words.get(i + 1) : null, known);
            }
        }
    }

    /** @return how many words more than the option's own were taken */
    private int option(String word, @Nullable String next, List<String> known) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (equals < 0 && known.contains(name)) {
            options.put(name, "");
            return 0;
        }
        if (!known.contains(name + "=")) {
            throw new UsageException(
                    "there is no option '" + name + "'" + (known.isEmpty() ? "" : " but " + list(known)));
        }
        if (equals >= 0) {
            options.put(name, word.substring(equals + 1));
            return 0;
        }
        if (next == null) {
            throw new UsageException(name + " wants a value");
        }
        options.put(name, next);
        return 1;
    }

    private static String list(List<String> known) {
        return String.join(", ", known.stream().map(it -> it.replace("=", "")).toList());
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    @Nullable
    String value(String option) {
        return options.get(option);
    }

    /** @throws UsageException when there are fewer or more */
    List<String> names(int fewest, int most) {
        if (names.size() < fewest || names.size() > most) {
            throw new UsageException(names.size() < fewest ? "something is missing" : "there is too much");
        }
        return names;
    }
}
