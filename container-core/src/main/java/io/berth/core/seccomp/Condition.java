// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import java.util.List;
import java.util.stream.Collectors;

/**
 * When a rule applies. Arguments are compared by their low 32 bits, because the calls concerned take an int: a comparison of all 64
 * is evaded by setting a high bit (CVE-2019-10063).
 */
sealed interface Condition {
    String describe();

    /** What the compiled filter finds, for whoever is notified of a call. */
    boolean holds(long[] arguments);

    /** Whatever the arguments. */
    record Always() implements Condition {
        @Override
        public String describe() {
            return "";
        }

        @Override
        public boolean holds(long[] arguments) {
            return true;
        }
    }

    /** A number and its C name. */
    record Named(String name, int value) {}

    /** The argument is one of these. */
    record ArgumentIs(int argument, List<Named> values) implements Condition {
        public ArgumentIs {
            values = List.copyOf(values);
        }

        @Override
        public String describe() {
            return values.stream().map(Named::name).collect(Collectors.joining(" or ", " of ", ""));
        }

        @Override
        public boolean holds(long[] arguments) {
            return values.stream().anyMatch(named -> named.value == (int) arguments[argument]);
        }
    }

    /** The argument has this bit. */
    record ArgumentHas(int argument, Named bit) implements Condition {
        @Override
        public String describe() {
            return " with " + bit.name;
        }

        @Override
        public boolean holds(long[] arguments) {
            return (bit.value & (int) arguments[argument]) != 0;
        }
    }

    /** The argument lacks this bit. */
    record ArgumentLacks(int argument, Named bit) implements Condition {
        @Override
        public String describe() {
            return " without " + bit.name;
        }

        @Override
        public boolean holds(long[] arguments) {
            return (bit.value & (int) arguments[argument]) == 0;
        }
    }

    /** The argument is anything else. */
    record ArgumentIsNot(int argument, Named value) implements Condition {
        @Override
        public String describe() {
            return " but " + value.name;
        }

        @Override
        public boolean holds(long[] arguments) {
            return value.value != (int) arguments[argument];
        }
    }

    /** Both. */
    record AllOf(Condition first, Condition second) implements Condition {
        @Override
        public String describe() {
            return first.describe() + second.describe();
        }

        @Override
        public boolean holds(long[] arguments) {
            return first.holds(arguments) && second.holds(arguments);
        }
    }
}
