// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write and read them. */
final class Figures {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMGT]?)(i?B)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern CPUS = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,3})?");
    private static final String UNITS = "KMGT";
    private static final int KIBI = 1024;
    private static final int MILLI = 1000;

    private Figures() {}

    /** @throws UsageException when it is no size */
    static long bytes(String option, String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            throw new UsageException(option + " wants a size, such as 512M or 2G, not '" + text + "'");
        }
        long bytes = Long.parseLong(parts.group(1));
        int unit = parts.group(2).isEmpty() ? 0 : UNITS.indexOf(parts.group(2).toUpperCase(Locale.ROOT)) + 1;
        return bytes << (10 * unit);
    }

    /** @throws UsageException when it is no number of processors */
    static int milliCpus(String option, String text) {
        if (!CPUS.matcher(text).matches()) {
            throw new UsageException(option + " wants a number of processors, such as 1 or 0.5, not '" + text + "'");
        }
        return new BigDecimal(text).movePointRight(3).intValueExact();
    }

    /** @throws UsageException when it is no whole number */
    static int count(String option, String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new UsageException(option + " wants a whole number, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    static String size(long bytes) {
        double value = bytes;
        String unit = "B";
        for (int i = 0; i < UNITS.length() && value >= KIBI; i++) {
            value /= KIBI;
            unit = UNITS.charAt(i) + "iB";
        }
        return unit.equals("B")
                ? bytes + " B"
                : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
    }

    static String cpus(long milliCpus) {
        return new BigDecimal(milliCpus).movePointLeft(3).stripTrailingZeros().toPlainString();
    }

    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.1f s", micros / (double) (MILLI * MILLI));
    }
}
