// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.util.ArrayList;
import java.util.List;

/** A line taken apart into words as a shell would, without anything that a shell would run or expand. */
final class CommandLine {
    static final int MOST_CHARACTERS = 8192;

    private CommandLine() {}

    /** @throws UsageException when a quote has no end, or the line is too long */
    static List<String> words(String line) {
        if (line.length() > MOST_CHARACTERS) {
            throw new UsageException("the line has more than " + MOST_CHARACTERS + " characters");
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 ? c == '\\' : c == '\\' && quote == '"') {
                if (++i == line.length()) {
                    throw new UsageException("the line ends in a backslash");
                }
                word.append(line.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new UsageException("a quote " + quote + " has no end");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
