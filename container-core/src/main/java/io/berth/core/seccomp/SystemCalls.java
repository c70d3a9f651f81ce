// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Every system call there is, by name: the numbers that a person need not know. */
final class SystemCalls {
    private static final String TABLE = "syscalls.txt";

    private final Map<String, Numbers> numbers;

    private SystemCalls(Map<String, Numbers> numbers) {
        this.numbers = Map.copyOf(numbers);
    }

    static SystemCalls load() {
        Map<String, Numbers> numbers = new HashMap<>();
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SystemCalls.class.getResourceAsStream(TABLE), TABLE), UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] fields = line.split(" ", -1);
                numbers.put(fields[0], new Numbers(number(fields[1]), number(fields[2]), number(fields[3])));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + TABLE, e);
        }
        return new SystemCalls(numbers);
    }

    private static int number(String field) {
        return field.equals("-") ? Numbers.NONE : Integer.parseInt(field);
    }

    Optional<Numbers> find(String call) {
        return Optional.ofNullable(numbers.get(call));
    }
}
