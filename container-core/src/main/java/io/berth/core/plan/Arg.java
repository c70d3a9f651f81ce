// SPDX-License-Identifier: Apache-2.0
package io.berth.core.plan;

/** An argument of a step. */
public sealed interface Arg {
    /** The number itself, the address, or for a {@link Cell} the address of what is meant. */
    long encoded();

    /** As printed plans show it. */
    String describe();

    /** A number, shown by its symbols. */
    record Immediate(long value, String text) implements Arg {
        @Override
        public long encoded() {
            return value;
        }

        @Override
        public String describe() {
            return text;
        }
    }

    /**
     * The address of something in the plan's own data.
     *
     * @param length in bytes, without a string's NUL
     */
    record Data(long address, int length, String text) implements Arg {
        @Override
        public long encoded() {
            return address;
        }

        @Override
        public String describe() {
            return text;
        }

        /** Eight of these bytes as a cell, which steps may read and change. */
        public Cell cell(String name, int offset) {
            if (offset % Long.BYTES != 0 || offset < 0 || offset + Long.BYTES > length) {
                throw new IllegalArgumentException("no cell at byte " + offset + " of " + text);
            }
            return new Cell(name, address + offset);
        }

        /** The address {@code offset} bytes further on. */
        public Data at(int offset) {
            if (offset < 0 || offset > length) {
                throw new IllegalArgumentException("byte " + offset + " is outside " + text);
            }
            return new Data(address + offset, length - offset, text + "+" + offset);
        }
    }

    /** A variable of 64 bits in the plan's data; as an argument, its value at that time. */
    record Cell(String name, long address) implements Arg {
        @Override
        public long encoded() {
            return address;
        }

        @Override
        public String describe() {
            return name;
        }

        /** Its address, for calls that fill it in. */
        public Data pointer() {
            return new Data(address, Long.BYTES, "&" + name);
        }
    }

    /** A descriptor that the process is born with. */
    record Slot(int number, String name) implements Arg {
        @Override
        public long encoded() {
            return number;
        }

        @Override
        public String describe() {
            return name;
        }
    }
}
