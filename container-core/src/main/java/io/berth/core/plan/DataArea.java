// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

import io.berth.core.linux.Constant;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Immediate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bytes that a plan's pointers point to, at the addresses that they will have. */
final class DataArea {
    private static final int ALIGNMENT = 8;

    private final ByteArrayOutputStream area = new ByteArrayOutputStream();
    private final Map<String, Data> strings = new HashMap<>();
    private @Nullable Data scratch;

    Arg arg(Object value) {
        return switch (value) {
            case Arg arg -> arg;
            case String string -> string(string);
            case Flags flags -> new Immediate(flags.bits(), flags.text());
            case Constant constant -> new Immediate(constant.value(), constant.name());
            case Number number -> new Immediate(number.longValue(), number.toString());
            case Fd fd when fd == Fd.AT_FDCWD -> new Immediate(fd.number(), fd.toString());
            default -> throw new IllegalArgumentException("no argument of a step: " + value.getClass());
        };
    }

    Data bytes(String text, byte[] bytes) {
        area.writeBytes(new byte[-area.size() & (ALIGNMENT - 1)]);
        Data data = new Data(Encoder.DATA_ADDRESS + area.size(), bytes.length, text);
        area.writeBytes(bytes);
        return data;
    }

    /** Equal strings are stored once: no call writes into one. */
    Data string(String string) {
        if (string.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL in '" + string.replace('\0', '?') + "'");
        }
        return strings.computeIfAbsent(string, _ -> {
            byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
            Data data = bytes("'" + string + "'", utf8);
            area.write(0);
            return data;
        });
    }

    Data longs(String text, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * values.length).order(Encoder.ORDER);
        for (long value : values) {
            buffer.putLong(value);
        }
        return bytes(text, buffer.array());
    }

    Data strings(List<String> list) {
        long[] addresses = new long[list.size() + 1];
        for (int i = 0; i < list.size(); i++) {
            addresses[i] = string(list.get(i)).address();
        }
        String text = list.stream().collect(Collectors.joining("', '", "['", "']"));
        return longs(list.isEmpty() ? "[]" : text, addresses);
    }

    /** Room for a byte that nobody looks at. */
    Data scratch() {
        Data data = scratch;
        if (data == null) {
            data = longs("scratch", 0);
            scratch = data;
        }
        return data;
    }

    byte[] toByteArray() {
        return area.toByteArray();
    }
}
