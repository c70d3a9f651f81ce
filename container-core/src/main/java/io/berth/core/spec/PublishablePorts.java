// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of a node's ports containers may publish.
 *
 * @param first the lowest; 0 and {@code last} -1 for none
 * @param last the highest
 * @param reserved those among them that the node's own services have
 */
public record PublishablePorts(int first, int last, Set<Integer> reserved) {
    public static final PublishablePorts NONE = new PublishablePorts(0, -1, Set.of());

    /** Beside what services register, what Kubernetes takes (30000 to 32767), and what Linux takes for outgoing connections (32768 on). */
    public static final String DEFAULT = "20000-29999";

    /** What the settings BERTH_PUBLISHED_PORTS takes. */
    public static final Pattern FORM = Pattern.compile("none|([0-9]{1,5})-([0-9]{1,5})");

    private static final int FIRST_UNPRIVILEGED = 1024; // those below are the host's own: ssh, DNS, its web server
    private static final int LAST = 65_535;

    public PublishablePorts {
        if (last >= first && (first < FIRST_UNPRIVILEGED || last > LAST)) {
            throw new InvalidSpecException(
                    "ports", first + "-" + last + " is no range of " + FIRST_UNPRIVILEGED + " to " + LAST);
        }
        reserved = Set.copyOf(reserved);
    }

    /**
     * From the text of BERTH_PUBLISHED_PORTS.
     *
     * @param reserved the ports of the platform's own services
     * @throws InvalidSpecException when it is no range
     */
    public static PublishablePorts parse(String text, Set<Integer> reserved) {
        Matcher range = FORM.matcher(text);
        if (!range.matches()) {
            throw new InvalidSpecException(
                    "ports", "'" + text + "' is neither a range such as " + DEFAULT + " nor none");
        }
        if (range.group(1) == null) {
            return NONE;
        }
        int first = Integer.parseInt(range.group(1));
        int last = Integer.parseInt(range.group(2));
        if (last < first) {
            throw new InvalidSpecException("ports", "'" + text + "' ends before it begins");
        }
        return new PublishablePorts(first, last, reserved);
    }

    public boolean has(int port) {
        return port >= first && port <= last && !reserved.contains(port);
    }

    /** {@code 20000-29999 without 22222}. */
    public String describe() {
        Set<Integer> without = new TreeSet<>(reserved);
        without.removeIf(port -> port < first || port > last);
        return last < first ? "none" : first + "-" + last + (without.isEmpty() ? "" : " without " + without);
    }
}
