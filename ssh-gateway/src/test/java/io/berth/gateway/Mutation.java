// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Makes of what a client would send what none would: the same for the same seed. */
final class Mutation {
    /** Where lengths and numbers go wrong. */
    private static final int[] NUMBERS = {
        0,
        1,
        4,
        127,
        128,
        255,
        256,
        32_768,
        65_535,
        65_536,
        1 << 20,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -1,
        -4
    };

    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    /** Sometimes as it was. */
    byte[] of(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int changes = random.nextInt(4); changes > 0 && changed.length > 0; changes--) {
            changed = once(changed);
        }
        return changed;
    }

    private byte[] once(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2, 3 -> {
                if (at + Integer.BYTES <= bytes.length) {
                    ByteBuffer.wrap(bytes).putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
                }
            }
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                return grown(bytes, at);
            }
        }
        return bytes;
    }

    private byte[] grown(byte[] bytes, int at) {
        byte[] more = new byte[random.nextInt(64)];
        random.nextBytes(more);
        return ByteBuffer.allocate(bytes.length + more.length)
                .put(bytes, 0, at)
                .put(more)
                .put(bytes, at, bytes.length - at)
                .array();
    }
}
